#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "events/rulebooks.hpp"
#include "rules/prices/quote.hpp"

// What order bumps are decided by. It is kept with the decision: with the rules at the revision it
// gives the same one at any later time.
namespace vitrine::rules::bumps {

/// The rules of an offer at one revision; 0: those that are drafted.
struct Rulebook {
    OfferId offer_id;
    std::int64_t revision = 0;
    std::int64_t max_bumps = 5;
    std::vector<events::Bump> bumps;
    bool operator==(const Rulebook&) const = default;
};

/// What is bought, apart from bumps: after the discounts of its lines, before coupons, shipping and
/// tax.
struct Cart {
    std::int64_t value_cents = 0;
    std::vector<ProductId> products;
    std::vector<ProductId> bumps;  // products of bumps that were accepted
    bool operator==(const Cart&) const = default;
};
BOOST_DESCRIBE_STRUCT(Cart, (), (value_cents, products, bumps))

/// How often the bump was shown to this buyer in other checkouts.
struct Displays {
    std::int64_t in_session = 0;
    std::int64_t to_user = 0;
    std::int64_t in_day = 0;  // the last 24 hours
    std::optional<Timestamp> last;
    std::optional<Timestamp> oldest_in_day;
    bool operator==(const Displays&) const = default;
};
BOOST_DESCRIBE_STRUCT(Displays, (), (in_session, to_user, in_day, last, oldest_in_day))

/// What is known of one bump besides its rules.
struct BumpFacts {
    std::string bump;
    bool sold = false;                       // the product is there and not archived
    std::optional<std::int64_t> unit_cents;  // in the offer's currency; absent: it has none
    std::optional<std::int64_t> available;   // absent: stock is not counted
    Displays displays;
    std::optional<Timestamp> first_displayed;  // in this checkout
    std::int64_t expected_cents = 0;           // that showing it once has brought in so far
    bool operator==(const BumpFacts&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    BumpFacts, (), (bump, sold, unit_cents, available, displays, first_displayed, expected_cents)
)

struct Inputs {
    bool offer_active = false;
    std::string rounding;  // half_away, half_even
    Cart cart;
    std::vector<std::string> segments;  // those that the rules ask for
    std::optional<std::string> device, region;
    std::optional<std::int64_t> page_seconds;
    std::vector<BumpFacts> bumps;
    bool operator==(const Inputs&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Inputs, (), (offer_active, rounding, cart, segments, device, region, page_seconds, bumps)
)

/// Inputs change seldom, the time always: it stands apart.
struct Moment {
    Timestamp now;
    Timestamp opened_at;  // the checkout
};

JsonText inputs_json(const Inputs& inputs);
/// Throws nlohmann::json::exception for what is none.
Inputs inputs_in(const JsonText& json);

/// A bump as events have it. Throws as inputs_in.
events::Bump bump_in(const JsonText& json);

/// The cart of a quote: its lines but for bumps, without what coupons took off.
Cart cart_of(const prices::Quote& quote);
/// Of the JSON of one, as checkouts keep it.
Cart cart_in(const JsonText& quote);

}  // namespace vitrine::rules::bumps
