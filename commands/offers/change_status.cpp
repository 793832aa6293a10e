// Activate, pause, archive.
#include "commands/engine/handler.hpp"
#include "commands/json.hpp"
#include "commands/offers/handlers.hpp"
#include "commands/offers/loaded.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/wire.hpp"

namespace vitrine::commands {
namespace {

/// Command, the status that it leads to, and the call that brings it about there.
template <class Command, OfferStatus To, clubify::Call (*call)(const ClubifyId&)>
struct ChangeStatusHandling {
    static Command parse(const Preparation& from) { return {text_member(from.body, "reason")}; }

    static std::vector<StreamName> relies_on(const Preparation& from)
        requires(To == OfferStatus::active)
    {
        return streams_of(products_of(from, offer_of(from)));
    }

    static OfferAndProducts load(const Preparation& from, const Command&) {
        OfferAndProducts known{offer_of(from), {}};
        if (To == OfferStatus::active) known.products = products_of(from, known.offer);
        return known;
    }

    static OfferDecision
    decide(const Command& command, const OfferAndProducts& known, const Preparation&) {
        if constexpr (To == OfferStatus::active) {
            return commands::decide(command, known.offer, known.products);
        } else {
            return commands::decide(command, known.offer);
        }
    }

    static JsonText answer(const Command&, const OfferAndProducts&, const Preparation&) {
        return status_answer(status_name(To));
    }

    static void
    effects(Plan& plan, const Command&, const OfferAndProducts& known, const OfferEvents&, const Preparation&) {
        const auto& id = known.offer.clubify_id;
        carried_by(
            plan,
            "change-status",
            clubify::effect(
                call(id), clubify::Settle::offer_status, id.str(), std::string(status_name(To))
            )
        );
    }
};

}  // namespace

constinit const Handler activate_offer =
    handled_by<ChangeStatusHandling<ActivateOffer, OfferStatus::active, clubify::publish_offer>>;
constinit const Handler pause_offer =
    handled_by<ChangeStatusHandling<PauseOffer, OfferStatus::paused, clubify::unpublish_offer>>;
constinit const Handler archive_offer =
    handled_by<ChangeStatusHandling<ArchiveOffer, OfferStatus::archived, clubify::archive_offer>>;

}  // namespace vitrine::commands
