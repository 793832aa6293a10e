#include "core/line_amounts.hpp"

#include <algorithm>
#include <charconv>

#include "core/money.hpp"

namespace vitrine {
namespace {

constexpr std::int64_t whole = 1'000'000;  // parts

std::optional<std::int64_t> narrow(Wide cents) {
    return round_div(cents, 1, Rounding::half_away);
}

std::optional<std::int64_t> percentage_of(
    Wide subtotal, std::string_view percent, Rounding rounding
) {
    const auto rate = Rate::percent(percent);
    if (!rate || rate->ppm < 0 || rate->ppm > whole || !narrow(subtotal)) return std::nullopt;
    return round_div(subtotal * rate->ppm, whole, rounding);
}

std::optional<std::int64_t> fixed_of(
    std::int64_t unit, std::int64_t quantity, std::string_view cents
) {
    std::int64_t each = 0;
    const auto* end = cents.data() + cents.size();
    const auto [rest, error] = std::from_chars(cents.data(), end, each);
    if (error != std::errc() || rest != end || each < 0) return std::nullopt;
    return narrow(static_cast<Wide>(std::min(each, unit)) * quantity);
}

}  // namespace

std::optional<LineAmounts> line_amounts(
    std::int64_t unit,
    std::int64_t quantity,
    std::string_view discount_type,
    std::string_view discount_value,
    Rounding rounding
) {
    const auto subtotal = static_cast<Wide>(unit) * quantity;
    std::optional<std::int64_t> discount;
    if (discount_type.empty()) discount = 0;
    if (discount_type == "percentage") discount = percentage_of(subtotal, discount_value, rounding);
    if (discount_type == "fixed") discount = fixed_of(unit, quantity, discount_value);
    if (!discount) return std::nullopt;
    const auto total = narrow(subtotal - *discount);
    if (!total) return std::nullopt;
    return LineAmounts{*discount, *total};
}

}  // namespace vitrine
