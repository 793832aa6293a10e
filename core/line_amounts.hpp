#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/money.hpp"

namespace vitrine {

/// What so many units of a price come to, in cents.
struct LineAmounts {
    std::int64_t discount = 0;
    std::int64_t total = 0;  // after the discount
    bool operator==(const LineAmounts&) const = default;
};

/// A discount as an offer's product has it: a type, and the value as it stands in JSON. Of a
/// `percentage` it is rounded once for all units; a `fixed` one is of each unit, at most its price;
/// an empty type is none. nullopt: a discount that is none of these, or amounts beyond 64 bits.
std::optional<LineAmounts> line_amounts(
    std::int64_t unit,
    std::int64_t quantity,
    std::string_view discount_type,
    std::string_view discount_value,
    Rounding rounding = Rounding::half_away
);

}  // namespace vitrine
