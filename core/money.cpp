#include "core/money.hpp"

#include <unicode/ucurr.h>

#include <algorithm>
#include <limits>

#include "core/decimal.hpp"

namespace vitrine {
namespace {

constexpr Wide largest = std::numeric_limits<std::int64_t>::max();
constexpr Wide smallest = std::numeric_limits<std::int64_t>::min();

/// ISO 4217 (2026), list one: those whose minor unit is not a hundredth.
struct Exponent {
    std::string_view code;
    int digits;
};
constexpr Exponent exponents[] = {
    {"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"IQD", 3},
    {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3},
    {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3}, {"UGX", 0}, {"UYI", 0}, {"UYW", 4},
    {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
};

std::optional<std::int64_t> narrow(Wide value) {
    if (value < smallest || value > largest) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

MoneyResult money(std::optional<std::int64_t> minor, Currency currency) {
    if (!minor) return std::unexpected(MoneyError::overflow);
    return Money{*minor, currency};
}

/// The shares of `whole` (not negative) that have no cap yet, by the largest remainder.
void add_shares(
    Wide whole,
    std::span<const Part> parts,
    const std::vector<std::size_t>& open,
    std::vector<std::int64_t>& given
) {
    Wide weights = 0;
    for (const auto i : open) weights += parts[i].weight;
    std::vector<Wide> rests(parts.size());
    auto left = whole;
    for (const auto i : open) {
        const auto product = whole * parts[i].weight;
        given[i] = static_cast<std::int64_t>(product / weights);
        rests[i] = product % weights;
        left -= given[i];
    }
    auto order = open;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        if (rests[a] != rests[b]) return rests[a] > rests[b];
        return parts[a].weight != parts[b].weight ? parts[a].weight > parts[b].weight : a < b;
    });
    for (std::size_t i = 0; left > 0; ++i, --left) ++given[order[i]];
}

}  // namespace

std::optional<Currency> Currency::find(std::string_view code) {
    if (code.size() != 3 || !std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; }))
        return std::nullopt;
    const char16_t wide[] = {
        static_cast<char16_t>(code[0]),
        static_cast<char16_t>(code[1]),
        static_cast<char16_t>(code[2]),
        0
    };
    if (ucurr_getNumericCode(wide) == 0) return std::nullopt;
    return Currency(code);
}

int Currency::exponent() const {
    const auto* found = std::ranges::find(exponents, code(), &Exponent::code);
    return found == std::end(exponents) ? 2 : found->digits;
}

std::optional<Rate> Rate::percent(std::string_view number) {
    const auto decimal = parse_decimal(number);
    const auto whole =
        decimal.exponent + 4;  // digits; a part per million is the ten thousandth of a percent
    constexpr std::int64_t most_digits = 19;
    if (whole > most_digits) return std::nullopt;
    if (whole < 0) return Rate{0};

    const auto digit = [&](std::int64_t i) {
        const auto at = static_cast<std::size_t>(i);
        return at < decimal.digits.size() ? decimal.digits[at] - '0' : 0;
    };
    Wide value = 0;
    for (std::int64_t i = 0; i < whole; ++i) value = value * 10 + digit(i);
    if (digit(whole) >= 5) ++value;
    const auto ppm = narrow(decimal.negative ? -value : value);
    if (!ppm) return std::nullopt;
    return Rate{*ppm};
}

std::optional<std::int64_t> round_div(Wide n, std::int64_t d, Rounding rounding) {
    const bool negative = (n < 0) != (d < 0);
    const Wide divisor = d < 0 ? -static_cast<Wide>(d) : static_cast<Wide>(d);
    if (n < 0) n = -n;
    Wide quotient = n / divisor;
    const Wide twice = n % divisor * 2;
    const bool even = quotient % 2 == 0;
    if (twice > divisor || (twice == divisor && (rounding == Rounding::half_away || !even)))
        ++quotient;
    return narrow(negative ? -quotient : quotient);
}

MoneyResult sum(Money a, Money b) {
    if (a.currency != b.currency) return std::unexpected(MoneyError::other_currency);
    return money(narrow(static_cast<Wide>(a.minor) + b.minor), a.currency);
}

MoneyResult difference(Money a, Money b) {
    if (a.currency != b.currency) return std::unexpected(MoneyError::other_currency);
    return money(narrow(static_cast<Wide>(a.minor) - b.minor), a.currency);
}

MoneyResult times(Money amount, std::int64_t count) {
    return money(narrow(static_cast<Wide>(amount.minor) * count), amount.currency);
}

MoneyResult share(Money amount, Rate rate, Rounding rounding) {
    constexpr std::int64_t million = 1'000'000;
    return money(
        round_div(static_cast<Wide>(amount.minor) * rate.ppm, million, rounding), amount.currency
    );
}

std::expected<std::vector<std::int64_t>, MoneyError> allocate(
    std::int64_t whole, std::span<const Part> parts
) {
    if (whole == smallest) return std::unexpected(MoneyError::overflow);  // its parts would be, too
    std::vector<std::int64_t> given(parts.size());
    Wide left = whole < 0 ? -static_cast<Wide>(whole) : static_cast<Wide>(whole);
    std::vector<std::size_t> open;
    Wide caps = 0;
    bool capped = true;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].weight <= 0) continue;
        open.push_back(i);
        if (parts[i].cap) caps += *parts[i].cap;
        capped = capped && parts[i].cap.has_value();
    }
    if (left == 0) return given;
    if (open.empty()) return std::unexpected(MoneyError::no_weight);
    if (capped && caps < left) return std::unexpected(MoneyError::over_caps);

    // Who gets more than its cap is given the cap and stands aside, and the rest is shared anew.
    for (;;) {
        add_shares(left, parts, open, given);
        std::vector<std::size_t> within;
        for (const auto i : open) {
            if (!parts[i].cap || given[i] <= *parts[i].cap) {
                within.push_back(i);
                continue;
            }
            given[i] = *parts[i].cap;
            left -= given[i];
        }
        if (within.size() == open.size()) break;
        open = std::move(within);
    }
    if (whole < 0)
        for (auto& each : given) each = -each;
    return given;
}

std::vector<std::int64_t> instalments(std::int64_t total, int count) {
    std::vector<std::int64_t> each(static_cast<std::size_t>(count), total / count);
    each.front() += total % count;
    return each;
}

}  // namespace vitrine
