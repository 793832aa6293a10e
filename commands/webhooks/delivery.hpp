#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "core/fault.hpp"
#include "core/phrase.hpp"
#include "core/time.hpp"
#include "events/orders.hpp"

// What a webhook says (clubify-api.md §8.1, §8.2; docs/webhooks.md). Pure.
namespace vitrine::commands {

struct Delivery {
    /// The platform's, "id-<digest>" of one that is no plain text, or "told-<digest>" of what it
    /// says where there is none: never of what a retry changes.
    std::string id;
    std::string event;  // in lower case
    Timestamp sent_at;
    /// What it tells of an order or payment, and the stream that keeps it: "order-…", "payment-…".
    std::optional<events::ClubifyOrderEvent> order;
    std::string stream;
    Phrase ignored;  // why there is no `order`
    Phrase unclear;  // what was not understood; there may be an `order` all the same
};

std::expected<Delivery, Fault> parse_delivery(std::string_view raw_body);

/// Another id for a delivery whose own was given to another delivery before.
std::string distinct_id(const Delivery& delivery);

/// "1697472000", "1697472000.5", or a time as RFC 3339 has it.
std::optional<Timestamp> parse_webhook_time(std::string_view text);

}  // namespace vitrine::commands
