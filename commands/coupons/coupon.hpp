#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "commands/engine/rejection.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/coupons.hpp"
#include "store/event_store.hpp"

// The write model of one coupon. Pure.
namespace vitrine::commands {

struct CreateCoupon {
    std::string code;
    std::optional<events::Discount> discount;
    std::optional<std::int64_t> min_cart_cents;
    std::optional<std::int64_t> max_uses;
    std::optional<std::int64_t> max_uses_per_customer;
    std::optional<std::string> valid_from;  // RFC 3339
    std::optional<std::string> valid_to;
    std::vector<std::string> offers;  // ids, as they came
    std::vector<std::string> products;
    std::optional<std::string> exclusive_group;
};

struct DisableCoupon {
    std::optional<std::string> reason;
};

/// What a checkout does with one use of a coupon. It is the same use as often as it is named, so
/// that each may be asked for again. They come from processes; no route leads to them.
struct LockCoupon {
    std::string reference;
    std::optional<std::string> customer_id;
};
struct RedeemCoupon {
    std::string reference;
};
struct ReleaseCoupon {
    std::string reference;
};
struct RestoreCoupon {
    std::string reference;
};

/// Which of the ids that a coupon is limited to are of nothing that the tenant has.
struct UnknownIds {
    std::vector<std::string> offers;
    std::vector<std::string> products;
};

/// What decide must know of a coupon.
struct CouponState {
    Version version = 0;  // 0: there is none
    events::CouponId id;
    std::string code;
    bool disabled = false;
    std::optional<std::int64_t> max_uses;
    std::optional<std::int64_t> max_uses_per_customer;
    std::optional<Timestamp> valid_from;
    std::optional<Timestamp> valid_to;

    struct Use {
        std::optional<std::string> customer_id;
        bool redeemed = false;  // else it is held
    };
    std::unordered_map<std::string, Use> uses;  // by reference; what was given back is none
    std::unordered_map<std::string, std::int64_t> uses_of_customers;
};

using CouponEvents = std::vector<events::CouponEvent>;
using CouponDecision = std::expected<CouponEvents, Rejection>;

/// The id of the coupon with that code, however it is written.
events::CouponId coupon_id_of(std::string_view code);

CouponDecision decide(
    const CreateCoupon& command, const CouponState& state, const UnknownIds& unknown
);
CouponDecision decide(const DisableCoupon& command, const CouponState& state);

CouponState evolve(CouponState state, const events::CouponEvent& event);

/// No events: so already. No more uses are held and used than the coupon has, of all and of each
/// customer. A lock that is held outlives the coupon's end.
CouponDecision decide(const LockCoupon& command, const CouponState& state, Timestamp now);
CouponDecision decide(const RedeemCoupon& command, const CouponState& state);
CouponDecision decide(const ReleaseCoupon& command, const CouponState& state);
CouponDecision decide(const RestoreCoupon& command, const CouponState& state);

/// Of the whole stream.
CouponState load_coupon(
    store::EventStore& store, const TenantId& tenant, const events::CouponId& id
);

/// As ids stand in paths: folded, with the form of a code.
bool is_coupon_id(std::string_view text);

}  // namespace vitrine::commands
