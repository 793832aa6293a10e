#include "rules/prices/coupons.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace vitrine::rules::prices {
namespace {

constexpr std::int64_t whole = 1'000'000;  // parts
constexpr std::int64_t parts_of_percent = 10'000;

Fault at_coupon(std::string code, Phrase detail) {
    return {"/coupon", std::move(code), std::move(detail)};
}

bool is_for(const CouponTerms& coupon, const OfferId& offer) {
    return coupon.offers.empty() || std::ranges::find(coupon.offers, offer) != coupon.offers.end();
}

std::optional<CouponShares> percentage_shares(
    const CouponTerms& coupon,
    CouponShares shares,
    const std::vector<std::int64_t>& bases,
    Rounding rounding
) {
    const auto rate = Rate::percent(coupon.discount.value.text);
    if (!rate || rate->ppm < 0 || rate->ppm > whole) return std::nullopt;
    Wide sum = 0;
    for (std::size_t i = 0; i < bases.size(); ++i) {
        const auto part = round_div(static_cast<Wide>(bases[i]) * rate->ppm, whole, rounding);
        if (!part) return std::nullopt;
        shares.of_lines[i] = *part;
        sum += *part;
    }
    const auto narrow = round_div(sum, 1, rounding);
    if (!narrow) return std::nullopt;
    shares.sum_cents = *narrow;
    return shares;
}

std::optional<CouponShares> fixed_shares(
    const CouponTerms& coupon, CouponShares shares, const std::vector<std::int64_t>& bases
) {
    const auto value = fixed_cents(coupon.discount);
    shares.sum_cents = std::min(value, shares.base_cents);
    shares.capped = value > shares.base_cents;
    if (shares.sum_cents == 0) return shares;
    std::vector<Part> parts;
    for (const auto base : bases) parts.push_back({base, base});
    auto allocated = allocate(shares.sum_cents, parts);
    if (!allocated) return std::nullopt;
    shares.of_lines = *std::move(allocated);
    return shares;
}

}  // namespace

std::int64_t fixed_cents(const events::Discount& discount) {
    // Of a number as JSON writes it: 1e3 is 1000.
    const auto hundredths = Rate::percent(discount.value.text);
    return hundredths ? std::max<std::int64_t>(hundredths->ppm / parts_of_percent, 0) : 0;
}

bool is_for(const CouponTerms& coupon, const QuotedLine& line) {
    return coupon.products.empty() ||
           (line.product_id &&
            std::ranges::find(coupon.products, *line.product_id) != coupon.products.end());
}

std::vector<Fault> faults_of(const CouponTerms& coupon, const Question& question) {
    std::vector<Fault> faults;
    if (coupon.disabled)
        faults.push_back(
            at_coupon("disabled", {"the coupon is disabled", "o cupom está desativado"})
        );
    if (coupon.valid_from && question.at < *coupon.valid_from)
        faults.push_back(at_coupon(
            "not_yet_valid",
            phrase(
                "the coupon is valid from {} on",
                "o cupom vale a partir de {}",
                format_time(*coupon.valid_from)
            )
        ));
    if (coupon.valid_to && question.at >= *coupon.valid_to)
        faults.push_back(at_coupon(
            "expired",
            phrase(
                "the coupon was valid until {}",
                "o cupom valeu até {}",
                format_time(*coupon.valid_to)
            )
        ));
    if (!is_for(coupon, question.offer_id))
        faults.push_back(at_coupon(
            "other_offers", {"the coupon is for other offers", "o cupom é para outras ofertas"}
        ));
    if (coupon.max_uses && coupon.used + coupon.locked >= *coupon.max_uses)
        faults.push_back(at_coupon(
            "used_up",
            phrase(
                "all {} uses of the coupon are taken",
                "todos os {} usos do cupom estão tomados",
                *coupon.max_uses
            )
        ));
    if (coupon.max_uses_per_customer && question.customer_id &&
        coupon.held_by_customer >= *coupon.max_uses_per_customer)
        faults.push_back(at_coupon(
            "used_up_by_customer",
            phrase(
                "the customer has taken all {} uses that one may have",
                "o cliente já tomou todos os {} usos a que tem direito",
                *coupon.max_uses_per_customer
            )
        ));
    return faults;
}

std::optional<CouponShares> shares_of(
    const CouponTerms& coupon,
    const std::vector<QuotedLine>& lines,
    const std::vector<std::int64_t>& totals,
    Rounding rounding
) {
    CouponShares shares;
    shares.of_lines.resize(lines.size());
    auto bases = totals;
    Wide base = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!is_for(coupon, lines[i])) bases[i] = 0;
        base += bases[i];
    }
    const auto narrow = round_div(base, 1, rounding);
    if (!narrow) return std::nullopt;
    shares.base_cents = *narrow;
    return coupon.discount.type == "percentage"
               ? percentage_shares(coupon, std::move(shares), bases, rounding)
               : fixed_shares(coupon, std::move(shares), bases);
}

std::optional<std::vector<Taken>> take_coupons(
    std::vector<const CouponTerms*> coupons, const std::vector<QuotedLine>& lines, Rounding rounding
) {
    std::ranges::sort(coupons, {}, &CouponTerms::id);
    std::vector<std::vector<const CouponTerms*>> groups;
    std::map<std::string_view, std::size_t> by_name;
    for (const auto* coupon : coupons) {
        if (!coupon->exclusive_group) {
            groups.push_back({coupon});
            continue;
        }
        const auto [place, is_new] = by_name.emplace(*coupon->exclusive_group, groups.size());
        if (is_new) groups.emplace_back();
        groups[place->second].push_back(coupon);
    }
    std::vector<std::int64_t> left;
    for (const auto& line : lines) left.push_back(line.total_cents);
    std::vector<Taken> taken;
    for (const auto& group : groups) {
        Taken best;
        for (const auto* coupon : group) {
            auto shares = shares_of(*coupon, lines, left, rounding);
            if (!shares) return std::nullopt;
            if (best.coupon == nullptr || shares->sum_cents > best.shares.sum_cents)
                best = {coupon, *std::move(shares)};
        }
        for (std::size_t i = 0; i < left.size(); ++i) left[i] -= best.shares.of_lines[i];
        taken.push_back(std::move(best));
    }
    return taken;
}

}  // namespace vitrine::rules::prices
