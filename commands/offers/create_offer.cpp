#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/prepare.hpp"
#include "commands/offers/wire.hpp"
#include "commands/planned.hpp"

namespace vitrine::commands {
namespace {

clubify::OfferFields wire_fields(const events::OfferCreated& offer, const Preparation& from) {
    clubify::OfferFields fields;
    fields.name = offer.name;
    fields.slug = offer.slug;
    fields.type = wire_type(offer.type);
    fields.description = offer.description;
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

}  // namespace

Prepared prepare_create_offer(const Preparation& from) {
    const auto command = create_offer_from(from.body);
    const OfferId id(from.entity_id);
    const auto known = known_products(from.store, from.tenant, command.products);
    const auto events = decide(command, id, from.slug, known);
    auto faults = check_reserved(command.metadata);
    if (!events && events.error().kind == Rejection::Kind::invalid) {
        faults.insert(faults.end(), events.error().faults.begin(), events.error().faults.end());
    } else if (!events) {
        return std::unexpected(events.error());
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    auto plan = plan_for("offer", id.str(), events::stream_of(id), 0);
    plan.success_status = 201;
    plan.slug = from.slug;
    plan.answer = answer_for(from.slug, command.activate);
    const auto& created = std::get<events::OfferCreated>(events->front());
    plan.steps.push_back(
        {"create",
         clubify::create_offer(wire_fields(created, from)),
         Settle::offer_by_slug,
         from.slug,
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
