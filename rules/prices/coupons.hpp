#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/prices/quote.hpp"

// What coupons take off a cart.
namespace vitrine::rules::prices {

/// What a coupon takes off each line, in their order.
struct CouponShares {
    std::vector<std::int64_t> of_lines;
    std::int64_t base_cents = 0;  // what it could take from
    std::int64_t sum_cents = 0;
    bool capped = false;  // it is worth more than there was
};

/// Of lines that come to `totals` by now. A percentage is rounded line by line; a fixed amount is
/// one for all, and goes over them by the largest remainder. nullopt: an amount is beyond 64 bits.
std::optional<CouponShares> shares_of(
    const CouponTerms& coupon,
    const std::vector<QuotedLine>& lines,
    const std::vector<std::int64_t>& totals,
    Rounding rounding
);

/// Those of an exclusive group of which the buyer has the most come down to it, on equal terms to
/// that whose code comes first; groups follow each other by their first code, each on what is left.
struct Taken {
    const CouponTerms* coupon = nullptr;
    CouponShares shares;
};
std::optional<std::vector<Taken>> take_coupons(
    std::vector<const CouponTerms*> coupons, const std::vector<QuotedLine>& lines, Rounding rounding
);

/// What a fixed discount is worth, in cents.
std::int64_t fixed_cents(const events::Discount& discount);

bool is_for(const CouponTerms& coupon, const QuotedLine& line);

}  // namespace vitrine::rules::prices
