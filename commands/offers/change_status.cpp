// Activate, pause, archive.
#include "commands/json.hpp"
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

template <class Command>
Prepared prepare_change(const Preparation& from, const Change& change) {
    const OfferId id(from.entity_id);
    const auto state = load_offer(from.store, from.tenant, id);
    const auto events = decide(Command{text_member(from.body, "reason")}, state);
    if (!events) return std::unexpected(events.error());

    auto plan = plan_for("offer", id.str(), events::stream_of(id), state.version);
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

}  // namespace

Prepared prepare_activate_offer(const Preparation& from) {
    return prepare_change<ActivateOffer>(
        from, {OfferStatus::active, clubify::publish_offer, "OfferActivationFailed"}
    );
}

Prepared prepare_pause_offer(const Preparation& from) {
    return prepare_change<PauseOffer>(
        from, {OfferStatus::paused, clubify::unpublish_offer, "OfferPauseFailed"}
    );
}

Prepared prepare_archive_offer(const Preparation& from) {
    return prepare_change<ArchiveOffer>(
        from, {OfferStatus::archived, clubify::archive_offer, "OfferArchiveFailed"}
    );
}

}  // namespace vitrine::commands
