#include "commands/engine/handler.hpp"
#include "commands/offers/handlers.hpp"
#include "commands/offers/input.hpp"
#include "commands/offers/loaded.hpp"
#include "commands/offers/wire.hpp"

namespace vitrine::commands {
namespace {

struct EditOfferHandling {
    static EditOffer parse(const Preparation& from) { return edit_offer_from(from.body); }

    static OfferState load(const Preparation& from, const EditOffer&) { return offer_of(from); }

    static OfferDecision
    decide(const EditOffer& command, const OfferState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(const EditOffer&, const OfferState& state, const Preparation&) {
        return status_answer(status_name(state.status));
    }

    static void effects(
        Plan& plan,
        const EditOffer&,
        const OfferState& state,
        const OfferEvents& events,
        const Preparation& from
    ) {
        const auto& edited = std::get<events::OfferEdited>(events.front());
        auto fields = configured(edited.configuration);
        fields.name = edited.name;
        fields.description = edited.description;
        auto imprint = imprint_of(state.id, state.type, state.created_by, from);
        imprint.edited_by = from.command_id.str();
        fields.metadata = clubify::marked(after_edit(state.metadata, edited.metadata), imprint);
        carried_by(
            plan,
            "edit",
            clubify::effect(
                clubify::edit_offer(state.clubify_id, fields),
                clubify::Settle::offer_edit_mark,
                state.clubify_id.str()
            )
        );
    }
};

}  // namespace

constinit const Handler edit_offer = handled_by<EditOfferHandling>;

}  // namespace vitrine::commands
