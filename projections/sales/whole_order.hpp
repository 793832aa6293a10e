#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projections/payload.hpp"

namespace vitrine::projections {

/// What a line of an order comes to, and of which offer it is.
struct LineMoney {
    std::string offer;  // empty: that of the order
    std::int64_t quantity = 0, amount_cents = 0;
};

/// Of JSON as in events::OrderLine.
std::vector<LineMoney> read_line_money(std::string_view lines);

/// An OrderRecorded, as far as sales care.
struct WholeOrder {
    std::string told_by, order_id, status, currency, offer, payment_method;
    std::string source, medium, campaign, customer_id, clubify_customer_id;
    std::int64_t placed_at = 0, settled_at = 0;  // microseconds; 0: it does not count
    std::int64_t total_cents = 0, discount_cents = 0, shipping_cents = 0;
    std::optional<std::int64_t> refunded_cents;
    std::string lines;  // JSON; empty: it told none
    std::string told;   // the event's payload

    bool is_cancelled() const { return status == "cancelled" || status == "canceled"; }
    std::size_t bytes() const { return sizeof(WholeOrder) + 2 * told.size(); }
};

/// Of the event's payload.
WholeOrder read_whole_order(Payload& payload, std::string_view data);

}  // namespace vitrine::projections
