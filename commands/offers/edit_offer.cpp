#include "commands/json.hpp"
#include "commands/mark.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/prepare.hpp"
#include "commands/offers/wire.hpp"
#include "commands/planned.hpp"

namespace vitrine::commands {

Prepared prepare_edit_offer(const Preparation& from) {
    const auto command = edit_offer_from(from.body);
    const OfferId id(from.entity_id);
    const auto state = load_offer(from.store, from.tenant, id);
    const auto events = decide(command, state);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_for("offer", id.str(), events::stream_of(id), state.version);
    plan.answer = status_answer(status_name(state.status));
    if (events->empty()) return plan;

    const auto& edited = std::get<events::OfferEdited>(events->front());
    clubify::OfferFields fields;
    fields.name = edited.name;
    fields.description = edited.description;
    fields.settings = edited.configuration.settings;
    fields.theme = edited.configuration.theme;
    fields.layout = edited.configuration.layout;
    fields.seo = edited.configuration.seo;
    fields.tracking = edited.configuration.tracking;
    fields.metadata = marked(
        after_edit(state.metadata, edited.metadata),
        {state.created_by,
         "offer",
         id.str(),
         marked_type(state.type),
         from.command_id.str(),
         from.tenant_context}
    );
    plan.steps = {
        {"edit",
         clubify::edit_offer(state.clubify_id, fields),
         Settle::offer_edit_mark,
         state.clubify_id.str(),
         "",
         OnRefusal::fail,
         "OfferEditFailed"}
    };
    plan.events = planned(*events, "edit");
    return plan;
}

}  // namespace vitrine::commands
