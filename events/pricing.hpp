#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/describe.hpp"

// Price lists, and what a tenant says of instalments and of rounding. These are stored for ever.
// Add members; never rename one, never reuse a name.
namespace vitrine::events {

/// What one product costs from so many on.
struct ListedPrice {
    ProductId product_id;
    std::int64_t min_quantity = 1;
    std::int64_t price_cents = 0;
    bool operator==(const ListedPrice&) const = default;
};
BOOST_DESCRIBE_STRUCT(ListedPrice, (), (product_id, min_quantity, price_cents))

/// A price list as it is from now on, whole.
struct PriceListSet {
    static constexpr std::string_view event_type = "PriceListSet";
    std::string name;
    std::string currency;
    std::int64_t priority = 0;
    std::optional<Timestamp> valid_from;
    std::optional<Timestamp> valid_to;
    std::optional<std::string> segment;
    std::vector<ListedPrice> entries;
    bool operator==(const PriceListSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    PriceListSet, (), (name, currency, priority, valid_from, valid_to, segment, entries)
)

/// It counts no more; one of the same name may be set again.
struct PriceListDeleted {
    static constexpr std::string_view event_type = "PriceListDeleted";
    std::string name;
    std::optional<std::string> reason;
    bool operator==(const PriceListDeleted&) const = default;
};
BOOST_DESCRIBE_STRUCT(PriceListDeleted, (), (name, reason))

using PriceListEvent = std::variant<PriceListSet, PriceListDeleted>;

template <>
inline constexpr std::string_view category_of_events<PriceListEvent> = "pricelist";

/// In how many payments a total may be paid, and what that costs.
struct InstallmentsSet {
    static constexpr std::string_view event_type = "InstallmentsSet";
    std::int64_t max = 1;
    std::int64_t interest_free = 1;
    std::int64_t monthly_rate_ppm = 0;
    std::int64_t min_installment_cents = 0;
    bool operator==(const InstallmentsSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    InstallmentsSet, (), (max, interest_free, monthly_rate_ppm, min_installment_cents)
)

/// How the tenant's books round half a cent.
struct RoundingSet {
    static constexpr std::string_view event_type = "RoundingSet";
    std::string rounding;  // half_away, half_even
    bool operator==(const RoundingSet&) const = default;
};
BOOST_DESCRIBE_STRUCT(RoundingSet, (), (rounding))

/// In the streams `pricing-installments` and `pricing-rounding`.
using PricingEvent = std::variant<InstallmentsSet, RoundingSet>;

template <>
inline constexpr std::string_view category_of_events<PricingEvent> = "pricing";

}  // namespace vitrine::events
