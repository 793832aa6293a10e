#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"

// The stock of one SKU, and reservations, each of which may be of several. These are stored for
// ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

using ReservationId = Strong<struct ReservationIdTag>;

/// What there is of it, and by which rules it is given away.
struct StockSet {
    static constexpr std::string_view event_type = "StockSet";
    std::string sku;
    std::int64_t on_hand = 0;
    std::int64_t backorder_limit = 0;
    std::int64_t safety = 0;
    std::string policy;  // "tracked", "untracked"
    bool operator==(const StockSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockSet, (), (sku, on_hand, backorder_limit, safety, policy))

struct StockAdjusted {
    static constexpr std::string_view event_type = "StockAdjusted";
    std::string sku;
    std::int64_t delta = 0;
    std::int64_t on_hand = 0;  // after it
    std::string reason;
    bool operator==(const StockAdjusted&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockAdjusted, (), (sku, delta, on_hand, reason))

/// Held for a reservation until then; in the place of what it held before.
struct StockReserved {
    static constexpr std::string_view event_type = "StockReserved";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    Timestamp expires_at;
    bool operator==(const StockReserved&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockReserved, (), (sku, reservation_id, quantity, expires_at))

/// The reservation was over before this, at its expires_at: this only tells it.
struct StockReservationExpired {
    static constexpr std::string_view event_type = "StockReservationExpired";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    bool operator==(const StockReservationExpired&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockReservationExpired, (), (sku, reservation_id, quantity))

/// The reservation was given up.
struct StockReleased {
    static constexpr std::string_view event_type = "StockReleased";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    bool operator==(const StockReleased&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockReleased, (), (sku, reservation_id, quantity))

/// The reservation was confirmed: it expires no more.
struct StockAllocated {
    static constexpr std::string_view event_type = "StockAllocated";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    bool operator==(const StockAllocated&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockAllocated, (), (sku, reservation_id, quantity))

/// A confirmed reservation was given up.
struct StockDeallocated {
    static constexpr std::string_view event_type = "StockDeallocated";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    bool operator==(const StockDeallocated&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockDeallocated, (), (sku, reservation_id, quantity))

/// What was allocated has left the house.
struct StockFulfilled {
    static constexpr std::string_view event_type = "StockFulfilled";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;
    bool operator==(const StockFulfilled&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockFulfilled, (), (sku, reservation_id, quantity))

/// A reservation that had expired was to be confirmed, and there was not enough left.
struct StockShortfall {
    static constexpr std::string_view event_type = "StockShortfall";
    std::string sku;
    ReservationId reservation_id;
    std::int64_t quantity = 0;   // wanted
    std::int64_t available = 0;  // that could have been given
    bool operator==(const StockShortfall&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockShortfall, (), (sku, reservation_id, quantity, available))

using StockEvent = std::variant<
    StockSet,
    StockAdjusted,
    StockReserved,
    StockReservationExpired,
    StockReleased,
    StockAllocated,
    StockDeallocated,
    StockFulfilled,
    StockShortfall>;

template <>
inline constexpr std::string_view category_of_events<StockEvent> = "stock";

struct ReservedItem {
    std::string sku;
    std::int64_t quantity = 0;
    bool tracked = true;  // false: of a SKU without stock, which holds nothing
    bool operator==(const ReservedItem&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservedItem, (), (sku, quantity, tracked))

/// For the first time or anew: then in the place of what it was.
struct ReservationMade {
    static constexpr std::string_view event_type = "ReservationMade";
    ReservationId reservation_id;
    std::string reference;
    std::vector<ReservedItem> items;  // by SKU
    Timestamp expires_at;
    bool operator==(const ReservationMade&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservationMade, (), (reservation_id, reference, items, expires_at))

struct ReservationConfirmed {
    static constexpr std::string_view event_type = "ReservationConfirmed";
    ReservationId reservation_id;
    bool operator==(const ReservationConfirmed&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservationConfirmed, (), (reservation_id))

struct ReservationReleased {
    static constexpr std::string_view event_type = "ReservationReleased";
    ReservationId reservation_id;
    bool operator==(const ReservationReleased&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservationReleased, (), (reservation_id))

struct ReservationFulfilled {
    static constexpr std::string_view event_type = "ReservationFulfilled";
    ReservationId reservation_id;
    bool operator==(const ReservationFulfilled&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservationFulfilled, (), (reservation_id))

/// It was to be confirmed when it had expired and could not be had again.
struct ReservationExpired {
    static constexpr std::string_view event_type = "ReservationExpired";
    ReservationId reservation_id;
    bool operator==(const ReservationExpired&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReservationExpired, (), (reservation_id))

using ReservationEvent = std::variant<
    ReservationMade,
    ReservationConfirmed,
    ReservationReleased,
    ReservationFulfilled,
    ReservationExpired>;

template <>
inline constexpr std::string_view category_of_events<ReservationEvent> = "reservation";

/// Whether an outside system's stock is kept at what is available here, from this event on.
struct InventoryDeliveryChanged {
    static constexpr std::string_view event_type = "InventoryDeliveryChanged";
    std::string receiver;  // "clubify"
    bool enabled = false;
    bool operator==(const InventoryDeliveryChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(InventoryDeliveryChanged, (), (receiver, enabled))

using InventoryEvent = std::variant<InventoryDeliveryChanged>;

template <>
inline constexpr std::string_view category_of_events<InventoryEvent> = "inventory";

}  // namespace vitrine::events
