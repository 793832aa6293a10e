#include "core/decimal.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine {
namespace {

constexpr std::int64_t beyond_all = 1'000'000'000'000;  // an exponent that no double has

std::int64_t parse_exponent(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::int64_t exponent = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (read.ec != std::errc() || exponent > beyond_all) exponent = beyond_all;
    return negative ? -exponent : exponent;
}

}  // namespace

Decimal parse_decimal(std::string_view text) {
    Decimal number;
    number.negative = text.starts_with('-');
    if (number.negative) text.remove_prefix(1);
    const auto mark = std::min(text.find_first_of("eE"), text.size());
    if (mark != text.size()) number.exponent = parse_exponent(text.substr(mark + 1));
    const auto mantissa = text.substr(0, mark);
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    number.exponent += static_cast<std::int64_t>(point);
    number.digits = mantissa.substr(0, point);
    if (point != mantissa.size()) number.digits += mantissa.substr(point + 1);

    const auto first = std::min(number.digits.find_first_not_of('0'), number.digits.size());
    number.digits.erase(0, first);
    number.exponent -= static_cast<std::int64_t>(first);
    number.digits.erase(number.digits.find_last_not_of('0') + 1);
    if (number.digits.empty()) number.exponent = 0;
    return number;
}

Decimal decimal_of(double number) {
    char text[32];
    const auto written = std::to_chars(text, text + sizeof text, number);
    return parse_decimal({text, written.ptr});
}

std::optional<std::string> integer_text(const Decimal& number) {
    constexpr std::int64_t most_digits = 20;
    if (number.digits.empty()) return "0";
    const auto size = static_cast<std::int64_t>(number.digits.size());
    if (number.exponent < size || number.exponent > most_digits) return std::nullopt;
    auto text = (number.negative ? "-" : "") + number.digits;
    text.append(static_cast<std::size_t>(number.exponent - size), '0');
    return text;
}

std::optional<std::int64_t> scaled(const Decimal& number, int places) {
    constexpr std::int64_t most_digits = 15;
    const auto whole = number.exponent + places;  // so many digits stand before the point
    if (whole > most_digits) return std::nullopt;
    if (whole < 0) return 0;
    auto digits = number.digits;
    digits.resize(std::max(digits.size(), static_cast<std::size_t>(whole) + 1), '0');
    std::int64_t value = 0;
    for (const char digit : std::string_view(digits).substr(0, static_cast<std::size_t>(whole)))
        value = value * 10 + (digit - '0');
    if (digits[static_cast<std::size_t>(whole)] >= '5') ++value;
    return number.negative ? -value : value;
}

}  // namespace vitrine
