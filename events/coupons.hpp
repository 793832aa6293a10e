#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"
#include "events/offers.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// The code as upper and lower case do not matter: "verao10" of "VERAO10".
using CouponId = Strong<struct CouponIdTag>;

struct CouponCreated {
    static constexpr std::string_view event_type = "CouponCreated";
    CouponId coupon_id;
    std::string code;  // as it was given
    Discount discount;
    std::optional<std::int64_t> min_cart_cents;
    std::optional<std::int64_t> max_uses;
    std::optional<std::int64_t> max_uses_per_customer;
    std::optional<Timestamp> valid_from;
    std::optional<Timestamp> valid_to;
    std::vector<OfferId> offers;      // empty: for any
    std::vector<ProductId> products;  // likewise
    std::optional<std::string> exclusive_group;
    bool operator==(const CouponCreated&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    CouponCreated,
    (),
    (coupon_id,
     code,
     discount,
     min_cart_cents,
     max_uses,
     max_uses_per_customer,
     valid_from,
     valid_to,
     offers,
     products,
     exclusive_group)
)
template <>
inline constexpr bool absent_when_empty<&CouponCreated::offers> = true;
template <>
inline constexpr bool absent_when_empty<&CouponCreated::products> = true;

/// For good: it is taken no more. Its code stays taken.
struct CouponDisabled {
    static constexpr std::string_view event_type = "CouponDisabled";
    CouponId coupon_id;
    std::optional<std::string> reason;
    bool operator==(const CouponDisabled&) const = default;
};
BOOST_DESCRIBE_STRUCT(CouponDisabled, (), (coupon_id, reason))

/// One use of it is held for what the reference names (a checkout), so that nobody else has it.
struct CouponLocked {
    static constexpr std::string_view event_type = "CouponLocked";
    CouponId coupon_id;
    std::string reference;
    std::optional<std::string> customer_id;
    bool operator==(const CouponLocked&) const = default;
};
BOOST_DESCRIBE_STRUCT(CouponLocked, (), (coupon_id, reference, customer_id))

/// The use that was held is used.
struct CouponRedeemed {
    static constexpr std::string_view event_type = "CouponRedeemed";
    CouponId coupon_id;
    std::string reference;
    std::optional<std::string> customer_id;
    bool operator==(const CouponRedeemed&) const = default;
};
BOOST_DESCRIBE_STRUCT(CouponRedeemed, (), (coupon_id, reference, customer_id))

/// The use that was held is free again: nothing came of it.
struct CouponReleased {
    static constexpr std::string_view event_type = "CouponReleased";
    CouponId coupon_id;
    std::string reference;
    std::optional<std::string> customer_id;
    bool operator==(const CouponReleased&) const = default;
};
BOOST_DESCRIBE_STRUCT(CouponReleased, (), (coupon_id, reference, customer_id))

/// A use that was used is given back, as what it was for was.
struct CouponRestored {
    static constexpr std::string_view event_type = "CouponRestored";
    CouponId coupon_id;
    std::string reference;
    std::optional<std::string> customer_id;
    bool operator==(const CouponRestored&) const = default;
};
BOOST_DESCRIBE_STRUCT(CouponRestored, (), (coupon_id, reference, customer_id))

using CouponEvent = std::variant<
    CouponCreated,
    CouponDisabled,
    CouponLocked,
    CouponRedeemed,
    CouponReleased,
    CouponRestored>;

template <>
inline constexpr std::string_view category_of_events<CouponEvent> = "coupon";

}  // namespace vitrine::events
