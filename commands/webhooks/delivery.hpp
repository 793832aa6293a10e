#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "core/fault.hpp"
#include "core/time.hpp"
#include "events/orders.hpp"

// What a webhook says (clubify-api.md §8.1, §8.2). Pure.
namespace vitrine::commands {

struct Delivery {
    std::string id;  // the platform's, or the SHA-256 of the body where it has none
    std::string event;
    Timestamp sent_at;
    /// What it tells of an order or payment, and the stream that keeps it: "order-…", "payment-…".
    std::optional<events::ClubifyOrderEvent> order;
    std::string stream;
    std::string ignored;  // why there is no `order`
};

std::expected<Delivery, Fault> parse_delivery(std::string_view raw_body);

/// "1697472000", or a time as RFC 3339 has it.
std::optional<Timestamp> parse_webhook_time(std::string_view text);

}  // namespace vitrine::commands
