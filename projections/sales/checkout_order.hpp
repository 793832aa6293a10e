#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "events/checkouts.hpp"
#include "events/orders.hpp"

// The order that a checkout of ours has come to. Pure.
namespace vitrine::projections {

events::OrderRecorded order_of(const events::CheckoutCompleted& completed, Timestamp at);

/// What went back of an order of a checkout.
struct GivenBack {
    ClubifyId clubify_order_id;
    std::int64_t amount_cents = 0;
    std::vector<events::RefundedLine> lines = {};  // of the quote, whose lines are the order's
};

/// By a refund, or by a dispute that was lost; nullopt: nothing, or of no order.
std::optional<GivenBack> given_back(const events::CheckoutEvent& event);

/// The same with what was given back: in all, and of each line.
events::OrderRecorded with_refund(events::OrderRecorded order, const GivenBack& given_back);

}  // namespace vitrine::projections
