#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "events/checkouts.hpp"
#include "rules/bumps/decide.hpp"
#include "rules/bumps/source.hpp"

// What order bumps are to one checkout: commands and queries fold it from its stream. Pure.
namespace vitrine::rules::bumps {

struct OfCheckout {
    std::string checkout_id;  // empty: there is none
    OfferId offer_id;
    std::optional<std::int64_t> revision;  // pinned when it was opened; absent: none counted then
    Timestamp opened_at;
    std::optional<std::string> customer_id, session;
    JsonText quote;
    std::map<std::string, Timestamp> first_displayed;  // by the bump's name, as the other two
    std::vector<events::AcceptedBump> accepted;
    std::set<std::string> declined;
    std::set<std::string> kept;       // that are accepted though they would not be offered
    std::set<std::string> decisions;  // whose inputs the log has

    const events::AcceptedBump* accepts(std::string_view bump) const;
};

OfCheckout evolve(OfCheckout state, const events::CheckoutEvent& event, Timestamp recorded_at);

/// What the page tells of the buyer.
struct Context {
    std::optional<std::string> device, region;
    std::optional<std::int64_t> page_seconds;
};

/// What the checkout asks of its bumps at that time.
Question question_of(const OfCheckout& checkout, const Context& context, Timestamp now);

/// The name of a decision: the same for the same inputs by the same revision.
std::string decision_id(const Rulebook& rulebook, const JsonText& inputs);

/// Conditions of the cart and the buyer that an accepted bump does not meet any more. Time, stock
/// and limits decide on what is offered, not on what was accepted.
bool still_qualifies(
    const Rulebook& rulebook, Inputs inputs, const Moment& moment, const events::Bump& bump
);

}  // namespace vitrine::rules::bumps
