#include "rules/prices/installments.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>

namespace vitrine::rules::prices {
namespace {

/// (10^6 + rate)^24 has 504 bits at a rate of 100 %, and an amount 63.
using Big = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    768,
    768,
    boost::multiprecision::unsigned_magnitude,
    boost::multiprecision::unchecked,
    void>>;

constexpr std::int64_t million = 1'000'000;

/// Less is not paid in instalments, in the currency of the platform's rule.
constexpr std::int64_t least_total = 50'00;
constexpr std::string_view currency_of_least = "BRL";

/// Of a not negative n / d.
std::optional<std::int64_t> rounded(const Big& n, const Big& d, Rounding rounding) {
    Big quotient, rest;
    boost::multiprecision::divide_qr(n, d, quotient, rest);
    const Big twice = rest * 2;
    const bool is_half = twice == d;
    const bool is_odd = (static_cast<std::uint64_t>(quotient & 1)) == 1;
    if (twice > d || (is_half && (rounding == Rounding::half_away || is_odd))) ++quotient;
    if (quotient > Big(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(quotient);
}

}  // namespace

/// A payment is its total times over / under: with i = rate / 10^6 that is
/// i (1 + i)^n / ((1 + i)^n - 1).
struct InstallmentPlan::Annuities {
    struct Annuity {
        Big over, under;
    };
    std::vector<Annuity> by_count;  // from 0 on

    explicit Annuities(const InstallmentTerms& terms) {
        const Big rate = static_cast<std::uint64_t>(terms.monthly_rate_ppm);
        Big grown = 1, plain = 1;
        for (std::int64_t count = 0; count <= terms.max; ++count) {
            Annuity annuity{rate * grown, (grown - plain) * million};
            if (count != 0) {
                const Big common = boost::multiprecision::gcd(annuity.over, annuity.under);
                annuity.over /= common;
                annuity.under /= common;
            }
            by_count.push_back(std::move(annuity));
            grown *= rate + million;
            plain *= million;
        }
    }
};

InstallmentPlan::InstallmentPlan(const InstallmentTerms& terms) : terms_(terms) {
    terms_.interest_free = std::max<std::int64_t>(terms_.interest_free, 1);  // one payment is none
    if (terms_.monthly_rate_ppm > 0 && terms_.max > terms_.interest_free)
        annuities_ = std::make_shared<const Annuities>(terms_);
}

std::optional<Installments> InstallmentPlan::of(
    std::int64_t total, std::int64_t count, std::string_view currency, Rounding rounding
) const {
    if (count < 1 || (count > 1 && count > terms_.max)) return std::nullopt;
    if (count > 1 && (total == 0 || (currency == currency_of_least && total < least_total)))
        return std::nullopt;
    Installments result{.count = count, .total_cents = total};
    if (annuities_ && count > terms_.interest_free) {
        const auto& annuity = annuities_->by_count[static_cast<std::size_t>(count)];
        const auto each =
            rounded(annuity.over * static_cast<std::uint64_t>(total), annuity.under, rounding);
        if (!each) return std::nullopt;
        const auto whole = round_div(static_cast<Wide>(*each) * count, 1, rounding);
        if (!whole) return std::nullopt;
        result.first_cents = result.each_cents = *each;
        result.total_cents = *whole;
        result.interest_cents = *whole - total;
        result.monthly_rate_ppm = terms_.monthly_rate_ppm;
    } else {
        result.each_cents = total / count;
        result.first_cents = result.each_cents + total % count;
    }
    if (count > 1 && result.each_cents < std::max<std::int64_t>(terms_.min_installment_cents, 1))
        return std::nullopt;
    return result;
}

std::vector<Installments> InstallmentPlan::all(
    std::int64_t total, std::string_view currency, Rounding rounding
) const {
    std::vector<Installments> offered;
    if (total == 0) return offered;
    offered.reserve(static_cast<std::size_t>(terms_.max));
    for (std::int64_t count = 1; count <= std::max<std::int64_t>(terms_.max, 1); ++count) {
        if (const auto one = of(total, count, currency, rounding)) offered.push_back(*one);
    }
    return offered;
}

}  // namespace vitrine::rules::prices
