#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/checkouts/checkout.hpp"
#include "rules/bumps/checkout.hpp"

// What a checkout's buyer does with the order bumps of its offer. Pure.
namespace vitrine::commands {

struct DisplayBumps {
    std::vector<std::string> bumps;
    rules::bumps::Context context;
};
struct AcceptBump {
    std::string bump;
    std::optional<std::int64_t> price_cents;  // that the buyer was shown
    rules::bumps::Context context;
};
struct DeclineBump {
    std::string bump;
    rules::bumps::Context context;
};

/// What they are decided by, for this checkout and time.
struct BumpsNow {
    rules::bumps::Source::Known known;
    rules::bumps::Moment moment;

    /// As it is now, or was a moment ago, where that is what the buyer still sees. nullopt: the
    /// revision has no such bump.
    std::optional<rules::bumps::Decision> decided(std::string_view bump) const;
    /// What is bought when it is accepted at that price; the revision has it.
    events::AcceptedBump offered(std::string_view bump, std::int64_t price_cents) const;
};

/// No events: all of them were displayed before.
CheckoutDecision decide(
    const DisplayBumps& command, const CheckoutState& state, const BumpsNow& now
);
/// `quoted`: the checkout with the bump at its price, if it can be had. No events: so already.
CheckoutDecision decide(
    const AcceptBump& command,
    const CheckoutState& state,
    const BumpsNow& now,
    const QuoteDecision& quoted
);
/// `quoted`: without it, if it was accepted. No events: so already.
CheckoutDecision decide(
    const DeclineBump& command,
    const CheckoutState& state,
    const BumpsNow& now,
    const QuoteDecision& quoted
);

/// What becomes of accepted bumps when `now` is of another cart or buyer, as each rule says.
struct Reconsidered {
    CheckoutEvents events;
    std::vector<events::AcceptedBump> accepted;  // from now on
};
Reconsidered reconsider(const CheckoutState& state, const BumpsNow& now);

}  // namespace vitrine::commands
