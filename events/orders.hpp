#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/customers.hpp"
#include "events/describe.hpp"
#include "events/type_name.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

using OrderId = Strong<struct OrderIdTag>;  // UUIDv8, ours

/// The one id that an order has here, whoever told of it first: made of the platform's.
OrderId order_id_of(const TenantId& tenant, std::string_view platform_id);

/// What was sold together in an order, as it was told.
struct OrderLine {
    std::string product_id;               // ours, the platform's or a SKU; empty: not told
    std::optional<std::string> offer_id;  // as OrderRecorded's; absent: that of the order
    std::optional<std::string> sku;
    std::optional<std::string> name;
    std::int64_t quantity = 0;      // below zero: it came back
    std::int64_t amount_cents = 0;  // of all of it, before what the whole order is reduced by
    std::string kind;               // "order_bump", "upsell", …; empty: a product
    std::optional<std::int64_t> refunded_cents = {};  // of it; absent: not told
    bool operator==(const OrderLine&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    OrderLine, (), (product_id, offer_id, sku, name, quantity, amount_cents, kind, refunded_cents)
)
template <>
inline constexpr bool absent_when_empty<&OrderLine::product_id> = true;
template <>
inline constexpr bool absent_when_empty<&OrderLine::kind> = true;

/// An order as somebody who has all of it told it. A later one of the same teller takes its place.
/// Stream: order-<the platform's order id>. Nothing in it names a person.
struct OrderRecorded {
    static constexpr std::string_view event_type = "OrderRecorded";
    std::string order_id;  // the platform's, or whatever others call it
    std::string told_by;   // "adopt", "import", "checkout"
    std::string status;    // as it was told: "completed", "cancelled", …
    Timestamp placed_at;
    std::optional<Timestamp> settled_at;  // it counts from then on; absent: it does not
    std::string currency;
    std::int64_t total_cents = 0;
    std::int64_t discount_cents = 0;             // taken off the sum of the lines
    std::int64_t shipping_cents = 0;             // added to it
    std::optional<std::int64_t> refunded_cents;  // given back so far
    std::vector<OrderLine> lines;
    /// Of the offer on the platform, else "slug:<slug>" where nothing but its slug is known.
    std::optional<std::string> offer_id;
    std::optional<CustomerId> customer_id;
    std::optional<ClubifyId> clubify_customer_id;
    std::optional<std::string> payment_method;
    std::optional<std::string> source, medium, campaign;
    bool operator==(const OrderRecorded&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    OrderRecorded,
    (),
    (order_id,
     told_by,
     status,
     placed_at,
     settled_at,
     currency,
     total_cents,
     discount_cents,
     shipping_cents,
     refunded_cents,
     lines,
     offer_id,
     customer_id,
     clubify_customer_id,
     payment_method,
     source,
     medium,
     campaign)
)
template <>
inline constexpr std::string_view category_of_events<OrderRecorded> = "order";
template <>
inline constexpr bool absent_when_empty<&OrderRecorded::discount_cents> = true;
template <>
inline constexpr bool absent_when_empty<&OrderRecorded::shipping_cents> = true;

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
    // Where the platform told them. Absent before 2026-11-30.
    std::vector<OrderLine> lines;  // of a refund: what came back
    std::optional<std::int64_t> discount_cents;
    std::optional<std::int64_t> shipping_cents;
    std::optional<ClubifyId> clubify_customer_id;
    std::optional<std::string> payment_method;
    std::optional<Timestamp> placed_at;
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
     changed_at,
     lines,
     discount_cents,
     shipping_cents,
     clubify_customer_id,
     payment_method,
     placed_at)
)
template <>
inline constexpr bool absent_when_empty<&ClubifyOrderEvent::lines> = true;

}  // namespace vitrine::events
