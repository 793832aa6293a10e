#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// What the platform told of an order or a payment. All these types share this shape; `type` is the
/// event's type: ClubifyOrderCreated, ClubifyOrderPaid, ClubifyOrderCompleted,
/// ClubifyOrderCancelled, ClubifyOrderRefunded in the stream order-<order id>, ClubifyPaymentPaid,
/// ClubifyPaymentFailed, ClubifyPaymentRefunded in the stream payment-<payment id>. Nothing in it
/// names a person.
struct ClubifyOrderEvent {
    std::string type;
    std::optional<std::string> order_id;    // the platform's
    std::optional<std::string> payment_id;  // the platform's
    std::optional<ClubifyId> clubify_offer_id;
    std::optional<std::int64_t> amount_cents;  // of a refund: what was given back
    std::optional<std::string> currency;
    std::optional<std::string> source, medium, campaign;
    Timestamp sent_at;
    std::string delivery_id;  // of the webhook that told it
    bool operator==(const ClubifyOrderEvent&) const = default;
};

}  // namespace vitrine::events
