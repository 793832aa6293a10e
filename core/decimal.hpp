#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// A decimal number as it is written in JSON, exactly: ±0.digits × 10^exponent. Numbers of the same
/// value are equal, however they are written: 100, 1e2, 100.00.
struct Decimal {
    bool negative = false;
    std::string digits;  // neither the first nor the last is 0; empty: the number is 0
    std::int64_t exponent = 0;
    bool operator==(const Decimal&) const = default;
};

/// `text` is a number of JSON.
Decimal parse_decimal(std::string_view text);

/// The decimal that a double is written as: the shortest that is read as the same double.
Decimal decimal_of(double number);

/// Its digits without point and exponent, if it is an integer of at most 20 digits.
std::optional<std::string> integer_text(const Decimal& number);

/// The number times 10^places, rounded half away from zero, so that 19.9 is 1990 with two. nullopt:
/// it has more than 15 digits.
std::optional<std::int64_t> scaled(const Decimal& number, int places);

}  // namespace vitrine
