#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "commands/checkouts/checkout.hpp"
#include "core/fault.hpp"
#include "events/checkouts.hpp"

// What of a refund is of which line that was sold. Pure.
namespace vitrine::commands {

/// So much of the lines by what is left of each, and of shipping and interest, the remainder by the
/// largest fractions; no line gets back more than it came to. Empty where the lines cannot say it.
std::vector<events::RefundedLine> refund_over_lines(
    const CheckoutState& state, std::int64_t amount_cents
);

/// What is wanted back of each line; all that is wrong with it is told.
std::expected<std::vector<events::RefundedLine>, std::vector<Fault>> refund_of_lines(
    const CheckoutState& state, const std::vector<LineToRefund>& wanted
);

/// What it gives back, unless it is refused.
std::int64_t refunded_by(const RefundCheckout& command, const CheckoutState& state);

/// What tells that the bank has decided.
events::DisputeEnded dispute_ended(const CheckoutState& state, bool won);

/// What tells that the money has gone back.
events::RefundDone refund_done(const CheckoutState& state, const CheckoutRefund& refund);

}  // namespace vitrine::commands
