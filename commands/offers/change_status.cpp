// Activate, pause, archive.
#include "commands/json.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/offer.hpp"
#include "commands/offers/prepare.hpp"
#include "commands/planned.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

struct Change {
    OfferStatus to;
    clubify::Call (*call)(const ClubifyId&);
    const char* failure_type;
};

OfferState state_of(const Preparation& from) {
    return load_offer(from.store, from.tenant, OfferId(from.entity_id));
}

Prepared plan_change(const OfferState& state, const OfferDecision& events, const Change& change) {
    if (!events) return std::unexpected(events.error());
    auto plan = plan_for("offer", state.id.str(), events::stream_of(state.id), state.version);
    plan.answer = status_answer(status_name(change.to));
    plan.steps = {
        {"change-status",
         change.call(state.clubify_id),
         Settle::offer_status,
         state.clubify_id.str(),
         std::string(status_name(change.to)),
         OnRefusal::fail,
         change.failure_type}
    };
    plan.events = planned(*events, "change-status");
    return plan;
}

template <class Command>
Command command_from(const Json& body) {
    return {text_member(body, "reason")};
}

OfferDecision decide_activation(const Preparation& from, const OfferState& state) {
    return decide(command_from<ActivateOffer>(from.body), state, products_of(from, state));
}

}  // namespace

std::vector<Fault> check_activate_offer(const Preparation& from) {
    return faults_in(decide_activation(from, state_of(from)));
}

Prepared prepare_activate_offer(const Preparation& from) {
    const auto state = state_of(from);
    return plan_change(
        state,
        decide_activation(from, state),
        {OfferStatus::active, clubify::publish_offer, "OfferActivationFailed"}
    );
}

Prepared prepare_pause_offer(const Preparation& from) {
    const auto state = state_of(from);
    return plan_change(
        state,
        decide(command_from<PauseOffer>(from.body), state),
        {OfferStatus::paused, clubify::unpublish_offer, "OfferPauseFailed"}
    );
}

Prepared prepare_archive_offer(const Preparation& from) {
    const auto state = state_of(from);
    return plan_change(
        state,
        decide(command_from<ArchiveOffer>(from.body), state),
        {OfferStatus::archived, clubify::archive_offer, "OfferArchiveFailed"}
    );
}

}  // namespace vitrine::commands
