#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/bumps/inputs.hpp"

// Which order bumps a buyer is shown, in which order, and at what price: a pure function.
namespace vitrine::rules::bumps {

/// One condition that was looked at.
struct Reason {
    std::string rule;  // "cart_value_min", "in_stock", …
    std::int64_t revision = 0;
    std::string op;  // at_least, at_most, all_of, any_of, none_of, before, after, is
    JsonText expected, actual;
    bool pass = false;
    bool operator==(const Reason&) const = default;
};

struct Decision {
    const events::Bump* rule = nullptr;  // in the rulebook
    bool show = false;
    std::optional<std::int64_t> full_cents;     // without the bump's discount
    std::optional<std::int64_t> price_cents;    // now
    std::optional<Timestamp> discount_ends_at;  // its urgency timer, once it runs
    std::optional<Timestamp> next_change_at;  // as long as the cart and the buyer stay as they are
    std::vector<Reason> reasons;
};

/// Whether every condition is looked at, or only as far as the first that does not hold, which is
/// then the only reason. What is shown, in which order and at what price, is the same.
enum class Explain { no, yes };

/// Of every bump of the rulebook: by position, priority, expected value, name. `rulebook` outlives
/// them.
std::vector<Decision> decide(
    const Rulebook& rulebook, const Inputs& inputs, const Moment& moment, Explain explain
);

/// As decided at `moment`, or a little before it: for who answers what was on the screen.
inline constexpr std::chrono::seconds grace{5};

/// Places of a page, in the order in which a buyer comes to them.
inline constexpr std::string_view positions[] = {
    "after_products", "after_customer_info", "before_payment", "in_payment_form"
};

/// Faults of rules that no buyer could be decided by, with pointers below `at`.
void check(const events::Bump& bump, const std::string& at, std::vector<Fault>& faults);

}  // namespace vitrine::rules::bumps
