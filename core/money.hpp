#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// Money: whole minor units of one currency, 128 bits in between, one place that rounds. The rules
// are those of the house (docs/architecture.md, "Money"): half away from zero, once per component,
// at line level.
namespace vitrine {

/// An ISO 4217 currency: "BRL".
class Currency {
public:
    /// nullopt: not three capital letters of a currency that there is or was.
    static std::optional<Currency> find(std::string_view code);

    std::string_view code() const { return {code_, 3}; }

    /// How many digits the minor unit is behind the point: 2 for BRL, 0 for JPY, 3 for KWD.
    int exponent() const;

    bool operator==(const Currency&) const = default;

private:
    explicit Currency(std::string_view code) : code_{code[0], code[1], code[2]} {}
    char code_[3];
};

/// Why an amount cannot be told.
enum class MoneyError {
    overflow,        // beyond 64 bits
    other_currency,  // of two currencies
    over_caps,       // more to allocate than the parts may take
    no_weight,       // nothing to allocate by
};

struct Money {
    std::int64_t minor = 0;  // cents, where the exponent is 2; may be negative
    Currency currency;

    bool operator==(const Money&) const = default;
};

using MoneyResult = std::expected<Money, MoneyError>;

/// Parts per million: 50.76 % is 507,600.
struct Rate {
    std::int64_t ppm = 0;

    /// Of a number of JSON, in percent ("12.5"), rounded to a part per million, half away from
    /// zero; nullopt: beyond 64 bits.
    static std::optional<Rate> percent(std::string_view number);

    bool operator==(const Rate&) const = default;
};

/// Where a division does not come out even. `half_even` is a policy of tenants whose books want it.
enum class Rounding { half_away, half_even };

__extension__ using Wide = __int128;

/// n / d by `rounding`; d is not 0. nullopt: beyond 64 bits.
std::optional<std::int64_t> round_div(Wide n, std::int64_t d, Rounding rounding);

MoneyResult sum(Money a, Money b);
MoneyResult difference(Money a, Money b);
MoneyResult times(Money amount, std::int64_t count);

/// `rate` of `amount`, rounded once.
MoneyResult share(Money amount, Rate rate, Rounding rounding = Rounding::half_away);

/// One of those that an amount is allocated to.
struct Part {
    std::int64_t weight = 0;          // not negative
    std::optional<std::int64_t> cap;  // it takes no more than that, whatever the sign of the whole
};

/// `whole` by weight over `parts`, in their order, by the largest remainder: each gets its share
/// without the fraction; what is left goes, a unit each, to the largest fractions, then to the
/// larger weights, then to those that come first. What a cap leaves over is allocated again to the
/// others. The results sum to the whole, always.
std::expected<std::vector<std::int64_t>, MoneyError> allocate(
    std::int64_t whole, std::span<const Part> parts
);

/// `total` in `count` instalments without interest: equal ones, the remainder with the first.
/// `count` is at least 1.
std::vector<std::int64_t> instalments(std::int64_t total, int count);

}  // namespace vitrine
