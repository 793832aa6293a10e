#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"
#include "events/type_name.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// What the platform told of an order or a payment. All these types share this shape.
/// Streams: order-<order id>, payment-<payment id>. Nothing in it names a person.
struct ClubifyOrderEvent {
    static constexpr EventName event_types[] = {
        {"ClubifyOrderCreated", "order"},
        {"ClubifyOrderPaid", "order"},
        {"ClubifyOrderCompleted", "order"},
        {"ClubifyOrderCancelled", "order"},
        {"ClubifyOrderRefunded", "order"},
        {"ClubifyPaymentPaid", "payment"},
        {"ClubifyPaymentFailed", "payment"},
        {"ClubifyPaymentRefunded", "payment"},
    };
    TypeName<event_types> type;
    std::optional<std::string> order_id;    // the platform's
    std::optional<std::string> payment_id;  // the platform's
    std::optional<ClubifyId> clubify_offer_id;
    std::optional<std::int64_t> amount_cents;  // of a refund: what it gave back
    std::optional<std::string> currency;
    std::optional<std::string> source, medium, campaign;
    Timestamp sent_at;
    /// Of the webhook that told it. "told-<digest>", and 64 digits of hexadecimal in events of
    /// before 2026-11-29: the platform gave it no id.
    std::string delivery_id;
    // Of a refund, where they are told. Without any amount all was given back.
    std::optional<std::string> refund_id;              // the platform's
    std::optional<std::int64_t> refunded_total_cents;  // what was given back so far, this included
    /// When it was given back, as it says itself; in events of before 2026-11-29 also when the
    /// order or payment last changed.
    std::optional<std::string> changed_at;
    bool operator==(const ClubifyOrderEvent&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ClubifyOrderEvent,
    (),
    (order_id,
     payment_id,
     clubify_offer_id,
     amount_cents,
     currency,
     source,
     medium,
     campaign,
     sent_at,
     delivery_id,
     refund_id,
     refunded_total_cents,
     changed_at)
)

}  // namespace vitrine::events
