#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/prepare.hpp"
#include "commands/offers/wire.hpp"
#include "commands/planned.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

clubify::OfferFields wire_fields(const events::OfferCreated& offer, const Preparation& from) {
    clubify::OfferFields fields;
    fields.name = offer.name;
    fields.slug = offer.slug;
    fields.type = wire_type(offer.type);
    fields.description = Edited<std::string>::if_given(offer.description);
    fields.currency = offer.currency;
    fields.settings = offer.configuration.settings;
    fields.theme = offer.configuration.theme;
    fields.layout = offer.configuration.layout;
    fields.seo = offer.configuration.seo;
    fields.tracking = offer.configuration.tracking;
    fields.metadata = marked(
        offer.metadata,
        {from.command_id,
         "offer",
         offer.offer_id.str(),
         marked_type(offer.type),
         "",
         from.tenant_context}
    );
    for (const auto& product : offer.products) fields.products.push_back(to_wire(product));
    return fields;
}

JsonText answer_for(const std::string& slug, bool activate) {
    Json json;
    json["status"] = status_name(activate ? OfferStatus::active : OfferStatus::draft);
    json["slug"] = slug;
    return JsonText(json.dump());
}

OfferDecision decide_on(const CreateOffer& command, const Preparation& from) {
    const auto known = known_products(from, command.products);
    return decide(command, OfferId(from.entity_id), claimed(from.claims, "slug"), known);
}

/// One made of the name, with -2, -3, … until it is free.
Claim free_slug(const ClaimRequest& request) {
    constexpr std::size_t longest = 100;
    const auto base = slugify(request.body.at("name").get<std::string>());
    Claim slug{"slug", base};
    for (std::uint64_t number = 2; !request.is_free(slug); ++number) {
        const auto suffix = "-" + std::to_string(number);
        slug.key = base.substr(0, longest - suffix.size()) + suffix;
    }
    return slug;
}

}  // namespace

Claims claims_of_create_offer(const ClaimRequest& request) {
    if (request.former != nullptr) return *request.former;
    if (auto given = text_member(request.body, "slug")) return {{"slug", *std::move(given)}};
    return {free_slug(request)};
}

std::vector<Fault> check_create_offer(const Preparation& from) {
    return faults_in(decide_on(create_offer_from(from.body), from));
}

Prepared prepare_create_offer(const Preparation& from) {
    const auto command = create_offer_from(from.body);
    const OfferId id(from.entity_id);
    const auto slug = claimed(from.claims, "slug");
    const auto events = decide_on(command, from);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_for("offer", id.str(), events::stream_of(id), 0);
    plan.success_status = 201;
    plan.claims = from.claims;
    plan.answer = answer_for(slug, command.activate);
    const auto& created = std::get<events::OfferCreated>(events->front());
    plan.steps.push_back(
        {"create",
         clubify::create_offer(wire_fields(created, from)),
         Settle::offer_by_slug,
         slug,
         "",
         OnRefusal::fail,
         "OfferCreationFailed"}
    );
    plan.events = planned(*events, "create");
    plan.events.front().id_member = "clubify_offer_id";
    if (command.activate) {
        const auto remote = result_of("create");
        plan.steps.push_back(
            {"publish",
             clubify::publish_offer(ClubifyId(remote)),
             Settle::offer_status,
             remote,
             "active",
             OnRefusal::go_on,
             "OfferActivationFailed"}
        );
        plan.events.back().step = "publish";
    }
    return plan;
}

}  // namespace vitrine::commands
