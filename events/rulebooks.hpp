#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"

// What buyers of an offer are shown beside it, in the stream rulebook-<offer>: it is drafted, and
// counts from the revision on that publishes it. These are stored for ever. Add members; never
// rename one, never reuse a name.
namespace vitrine::events {

/// By the clock of the server, from the opening of the checkout on.
struct BumpWindow {
    std::int64_t show_after_seconds = 0;
    std::optional<std::int64_t> hide_after_seconds;  // absent: never
    bool operator==(const BumpWindow&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpWindow, (), (show_after_seconds, hide_after_seconds))

/// All of them must hold; an empty list is no condition.
struct DisplayRules {
    std::int64_t cart_value_min = 0;  // cents, inclusive
    std::optional<std::int64_t> cart_value_max;
    std::vector<ProductId> required_products;
    std::string match;  // of these: all, any, none
    std::vector<std::string> customer_segments;
    std::vector<std::string> device_types;
    std::vector<std::string> regions;
    std::optional<std::int64_t> page_seconds_min;
    BumpWindow time_based;
    bool operator==(const DisplayRules&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    DisplayRules,
    (),
    (cart_value_min,
     cart_value_max,
     required_products,
     match,
     customer_segments,
     device_types,
     regions,
     page_seconds_min,
     time_based)
)

/// How often it may have been shown before, in other checkouts.
struct DisplayLimits {
    std::optional<std::int64_t> per_session, per_user, per_day, min_gap_seconds;
    bool operator==(const DisplayLimits&) const = default;
};
BOOST_DESCRIBE_STRUCT(DisplayLimits, (), (per_session, per_user, per_day, min_gap_seconds))

struct BumpDesign {
    std::string template_name;
    std::string position;  // after_products, after_customer_info, before_payment, in_payment_form
    std::string animation;
    bool operator==(const BumpDesign&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpDesign, (), (template_name, position, animation))
template <>
inline constexpr std::string_view json_name<&BumpDesign::template_name> = "template";

struct BumpPricing {
    std::string discount_type;  // percentage, fixed
    JsonText discount_value;    // 0 to 100; cents
    bool time_limited = false;  // the discount ends urgency_timer after it was shown first
    std::optional<std::int64_t> urgency_timer;  // seconds
    bool operator==(const BumpPricing&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpPricing, (), (discount_type, discount_value, time_limited, urgency_timer))

/// A product that is offered beside those of the cart.
struct Bump {
    std::string bump;  // its name within the offer
    ProductId product_id;
    DisplayRules display_rules;
    DisplayLimits limits;
    BumpDesign design;
    BumpPricing pricing;
    std::int64_t priority = 0;  // the higher stands first
    /// What becomes of one that was accepted when the cart is such no more: keep, reprice, remove.
    std::string when_unqualified;
    bool operator==(const Bump&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Bump, (), (bump, product_id, display_rules, limits, design, pricing, priority, when_unqualified)
)

/// A bump as the next revision has it, whole.
struct BumpDrafted {
    static constexpr std::string_view event_type = "BumpDrafted";
    OfferId offer_id;
    Bump drafted;
    bool operator==(const BumpDrafted&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpDrafted, (), (offer_id, drafted))

/// The next revision has it no more.
struct BumpWithdrawn {
    static constexpr std::string_view event_type = "BumpWithdrawn";
    OfferId offer_id;
    std::string bump;
    std::optional<std::string> reason;
    bool operator==(const BumpWithdrawn&) const = default;
};
BOOST_DESCRIBE_STRUCT(BumpWithdrawn, (), (offer_id, bump, reason))

/// What was drafted, whole. Checkouts that are opened from effective_at on are decided by it until
/// they end; of several the highest revision goes.
struct RevisionPublished {
    static constexpr std::string_view event_type = "RevisionPublished";
    OfferId offer_id;
    std::int64_t revision = 1;
    Timestamp effective_at;
    std::string grandfathering;  // keep, move: what becomes of subscriptions that there are
    std::int64_t max_bumps = 5;  // that are shown at once
    std::vector<Bump> bumps;
    bool operator==(const RevisionPublished&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    RevisionPublished, (), (offer_id, revision, effective_at, grandfathering, max_bumps, bumps)
)

using RulebookEvent = std::variant<BumpDrafted, BumpWithdrawn, RevisionPublished>;

template <>
inline constexpr std::string_view category_of_events<RulebookEvent> = "rulebook";

}  // namespace vitrine::events
