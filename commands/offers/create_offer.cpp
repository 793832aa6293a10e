#include "commands/engine/handler.hpp"
#include "commands/json.hpp"
#include "commands/offers/area.hpp"
#include "commands/offers/handlers.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/wire.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

clubify::OfferFields wire_fields(const events::OfferCreated& offer, const Preparation& from) {
    auto fields = configured(offer.configuration);
    fields.name = offer.name;
    fields.slug = offer.slug;
    fields.type = wire_type(offer.type);
    fields.description = Edited<std::string>::if_given(offer.description);
    fields.currency = offer.currency;
    fields.metadata = clubify::marked(
        offer.metadata, imprint_of(offer.offer_id, offer.type, from.command_id, from)
    );
    for (const auto& product : offer.products) fields.products.push_back(to_wire(product));
    return fields;
}

/// One made of the name; where that is not free, with -2, -3, …
Claim slug_of_name(const ClaimRequest& request) {
    constexpr std::size_t longest = 100;
    Claim slug{"slug", slugify(request.body.at("name").get<std::string>())};
    if (request.choice == 0) return slug;
    const auto suffix = "-" + std::to_string(request.choice + 1);
    slug.key = slug.key.substr(0, longest - suffix.size()) + suffix;
    return slug;
}

/// The command succeeds without this step: the offer is a draft then.
Step publication() {
    const auto remote = result_of("create");
    return {
        .name = "publish",
        .effect = clubify::effect(
            clubify::publish_offer(ClubifyId(remote)),
            clubify::Settle::offer_status,
            remote,
            "active"
        ),
        .on_refusal = OnRefusal::go_on,
        .failure_type = "OfferActivationFailed",
        .without = JsonText(R"({"status":"draft","activation":{"status":"failed"}})"),
        .problem_at = "/activation/problem"
    };
}

struct CreateOfferHandling {
    static Claims claims(const ClaimRequest& request) {
        if (request.former != nullptr) return *request.former;
        if (auto given = text_member(request.body, "slug"))
            return {{std::string(slug_kind.name), *std::move(given)}};
        return {slug_of_name(request)};
    }

    static bool has_choice(const ClaimRequest& request) {
        return request.former == nullptr && !text_member(request.body, "slug");
    }

    static CreateOffer parse(const Preparation& from) { return create_offer_from(from.body); }

    static std::vector<StreamName> relies_on(const Preparation& from) {
        return streams_of(known_products(from, parse(from).products));
    }

    static KnownProducts load(const Preparation& from, const CreateOffer& command) {
        return known_products(from, command.products);
    }

    static OfferDecision decide(
        const CreateOffer& command, const KnownProducts& known, const Preparation& from
    ) {
        return commands::decide(
            command, OfferId(from.entity_id), claimed(from.claims, slug_kind.name), known
        );
    }

    static JsonText answer(
        const CreateOffer& command, const KnownProducts&, const Preparation& from
    ) {
        Json json;
        json["status"] = status_name(command.activate ? OfferStatus::active : OfferStatus::draft);
        json["slug"] = claimed(from.claims, slug_kind.name);
        return JsonText(json.dump());
    }

    static void effects(
        Plan& plan,
        const CreateOffer& command,
        const KnownProducts&,
        const OfferEvents& events,
        const Preparation& from
    ) {
        const auto& created = std::get<events::OfferCreated>(events.front());
        carried_by(
            plan,
            "create",
            clubify::effect(
                clubify::create_offer(wire_fields(created, from)),
                clubify::Settle::offer_by_slug,
                created.slug
            )
        );
        plan.events.front().id_member = "clubify_offer_id";
        if (!command.activate) return;
        plan.steps.push_back(publication());
        plan.events.back().step = plan.steps.back().name;
    }
};

}  // namespace

constinit const Handler create_offer = handled_by<CreateOfferHandling>;

}  // namespace vitrine::commands
