// The pipeline against one that is slow and plain: fractions all the way, another order of work.
#include <rapidcheck.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <map>
#include <numeric>

#include "rules/prices/quote.hpp"
#include "tests/rules/shop.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::rules::prices;
using vitrine::rules::prices::tests::at_hour;
using vitrine::rules::prices::tests::Shop;

namespace {

using Fraction = boost::multiprecision::cpp_rational;
using Whole = boost::multiprecision::cpp_int;

Whole floor_of(const Fraction& value) {
    return boost::multiprecision::numerator(value) / boost::multiprecision::denominator(value);
}

/// Of what is not negative.
std::int64_t to_cents(const Fraction& value, Rounding rounding) {
    const auto down = floor_of(value);
    const Fraction rest = value - Fraction(down);
    const Fraction half(1, 2);
    const bool up =
        rest > half || (rest == half && (rounding == Rounding::half_away || down % 2 != 0));
    return static_cast<std::int64_t>(up ? down + 1 : down);
}

Fraction number(const std::string& text) {
    Fraction value = 0, digit_is = 1;
    bool is_behind_point = false;
    for (const auto c : text) {
        if (c == '.') {
            is_behind_point = true;
            continue;
        }
        if (is_behind_point) digit_is /= 10;
        value = is_behind_point ? Fraction(value + digit_is * (c - '0'))
                                : Fraction(value * 10 + (c - '0'));
    }
    return value;
}

/// One cent after the other to who lacks the most of its exact share.
std::vector<std::int64_t> spread(std::int64_t amount, const std::vector<std::int64_t>& weights) {
    const auto sum = std::accumulate(weights.begin(), weights.end(), Whole(0));
    std::vector<std::int64_t> given(weights.size());
    if (sum == 0) return given;
    std::vector<Fraction> exact;
    std::int64_t left = amount;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        exact.push_back(Fraction(Whole(amount) * weights[i], sum));
        given[i] = static_cast<std::int64_t>(floor_of(exact[i]));
        left -= given[i];
    }
    std::vector<bool> has_more(weights.size());
    for (; left > 0; --left) {
        std::size_t best = weights.size();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (has_more[i] || weights[i] == 0) continue;
            const auto lacks = [&](std::size_t j) { return Fraction(exact[j] - given[j]); };
            if (best == weights.size() || lacks(i) > lacks(best) ||
                (lacks(i) == lacks(best) && weights[i] > weights[best]))
                best = i;
        }
        has_more[best] = true;
        ++given[best];
    }
    return given;
}

/// By asking for each pair which of the two goes.
std::int64_t unit_of(
    const Shop& shop, const OfferLine& line, std::int64_t own, std::int64_t quantity
) {
    struct Price {
        int conditions;
        std::int64_t priority, cents;
        std::string name;
    };
    std::vector<Price> prices;
    if (line.price_cents) prices.push_back({1, 0, *line.price_cents, ""});
    for (const auto& list : shop.lists) {
        if (list.currency != shop.offer.currency) continue;
        if (list.valid_from && shop.question.at < *list.valid_from) continue;
        if (list.valid_to && shop.question.at >= *list.valid_to) continue;
        if (list.segment) {
            auto segments = shop.question.segments;
            if (!shop.question.customer_id) segments = {"anonymous"};
            if (std::ranges::count(segments, *list.segment) == 0) continue;
        }
        for (const auto& entry : list.entries) {
            if (entry.product_id == *line.product_id && entry.min_quantity <= quantity)
                prices.push_back(
                    {static_cast<int>(list.segment.has_value()) +
                         static_cast<int>(entry.min_quantity != 1),
                     list.priority,
                     entry.price_cents,
                     list.name}
                );
        }
    }
    if (prices.empty()) return own;
    const auto* best = &prices.front();
    for (const auto& each : prices) {
        if (each.conditions != best->conditions) {
            if (each.conditions > best->conditions) best = &each;
        } else if (each.priority != best->priority) {
            if (each.priority > best->priority) best = &each;
        } else if (each.cents != best->cents) {
            if (each.cents < best->cents) best = &each;
        } else if (each.name < best->name) {
            best = &each;
        }
    }
    return best->cents;
}

struct Slow {
    std::vector<std::int64_t> units, totals;
    std::int64_t subtotal = 0, discount = 0, total = 0;
};

Slow slowly(const Shop& shop) {
    Slow slow;
    const auto rounding = shop.rounding.rounding;
    for (std::size_t i = 0; i < shop.offer.lines.size(); ++i) {
        const auto& line = shop.offer.lines[i];
        const auto unit = unit_of(shop, line, *shop.products[i].price_cents, line.quantity);
        const auto subtotal = unit * line.quantity;
        std::int64_t off = 0;
        if (line.discount) {
            const auto value = number(line.discount->value.text);
            off = line.discount->type == "percentage"
                      ? to_cents(Fraction(subtotal) * value / 100, rounding)
                      : std::min(unit, static_cast<std::int64_t>(floor_of(value))) * line.quantity;
        }
        slow.units.push_back(unit);
        slow.totals.push_back(subtotal - off);
        slow.subtotal += subtotal;
    }
    for (const auto& coupon : shop.coupons) {
        const auto value = number(coupon.discount.value.text);
        std::vector<std::int64_t> bases;
        for (std::size_t i = 0; i < slow.totals.size(); ++i) {
            const bool is_for =
                coupon.products.empty() ||
                std::ranges::count(coupon.products, *shop.offer.lines[i].product_id) != 0;
            bases.push_back(is_for ? slow.totals[i] : 0);
        }
        std::vector<std::int64_t> off;
        if (coupon.discount.type == "percentage") {
            for (const auto base : bases)
                off.push_back(to_cents(Fraction(base) * value / 100, rounding));
        } else {
            const auto all = std::accumulate(bases.begin(), bases.end(), std::int64_t{0});
            off = spread(std::min(all, static_cast<std::int64_t>(floor_of(value))), bases);
        }
        for (std::size_t i = 0; i < off.size(); ++i) slow.totals[i] -= off[i];
    }
    const auto goods = std::accumulate(slow.totals.begin(), slow.totals.end(), std::int64_t{0});
    slow.discount = slow.subtotal - goods;
    slow.total = goods + shop.question.shipping_cents.value_or(0);
    return slow;
}

/// By adding up what each payment is worth today.
std::int64_t payment(std::int64_t total, std::int64_t count, std::int64_t ppm, Rounding rounding) {
    Fraction worth = 0, factor = 1;
    for (std::int64_t i = 0; i < count; ++i) {
        factor /= Fraction(1'000'000 + ppm, 1'000'000);
        worth += factor;
    }
    return to_cents(Fraction(total) / worth, rounding);
}

std::string percent() {
    const auto hundredths = *rc::gen::inRange(1, 10'001);
    auto fraction = std::to_string(hundredths % 100);
    if (fraction.size() == 1) fraction.insert(0, 1, '0');
    return std::to_string(hundredths / 100) + '.' + fraction;
}

events::Discount some_discount() {
    if (*rc::gen::arbitrary<bool>()) return {"percentage", JsonText(percent())};
    return {"fixed", JsonText(std::to_string(*rc::gen::inRange(1, 30'000)))};
}

Shop some_shop() {
    Shop shop;
    const auto maybe = [] { return *rc::gen::inRange(0, 3) == 0; };
    const auto price = [] {
        return *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 200),
            rc::gen::inRange<std::int64_t>(0, 100'000),
            rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)
        );
    };
    const auto lines = *rc::gen::inRange(1, 7);
    for (int i = 0; i < lines; ++i) {
        auto& line = shop.sell("p" + std::to_string(i), price(), *rc::gen::inRange(1, 1000));
        if (maybe()) line.price_cents = price();
        if (maybe()) line.discount = some_discount();
    }
    const auto lists = *rc::gen::inRange(0, 5);
    for (int i = 0; i < lists; ++i) {
        auto& list = shop.list("l" + std::to_string(i), {});
        list.priority = *rc::gen::inRange(0, 3);
        if (maybe()) list.segment = *rc::gen::element<std::string>("vip", "new", "anonymous");
        if (maybe()) list.valid_from = at_hour(*rc::gen::inRange(10, 14));
        if (maybe()) list.valid_to = at_hour(*rc::gen::inRange(11, 15));
        if (maybe()) list.currency = *rc::gen::element<std::string>("BRL", "USD");
        for (int p = 0; p < lines; ++p) {
            for (const auto least : {1, 10, 100}) {
                if (maybe())
                    list.entries.push_back({ProductId("p" + std::to_string(p)), least, price()});
            }
        }
    }
    if (*rc::gen::arbitrary<bool>()) {
        shop.question.customer_id = "k";
        if (maybe()) shop.question.segments = {"vip"};
        if (maybe()) shop.question.segments.emplace_back("new");
    }
    const auto coupons = *rc::gen::inRange(0, 3);
    for (int i = 0; i < coupons; ++i) {
        auto& coupon = shop.coupon("", "");
        coupon.discount = some_discount();
        if (maybe()) coupon.products = {ProductId("p0"), ProductId("p1")};
    }
    if (maybe()) shop.question.shipping_cents = *rc::gen::inRange<std::int64_t>(0, 100'000);
    if (maybe()) shop.rounding.rounding = Rounding::half_even;
    return shop;
}

}  // namespace

TEST_CASE("a price is what fractions say, to the cent", "[prices]") {
    CHECK(rc::check("for any offer, price lists and coupons", [] {
        auto shop = some_shop();
        const auto slow = slowly(shop);
        const auto quote = shop.decide();
        RC_ASSERT(quote.has_value());
        for (std::size_t i = 0; i < quote->lines.size(); ++i) {
            const auto& line = quote->lines[i];
            RC_ASSERT(line.unit_cents == slow.units[i]);
            RC_ASSERT(line.total_cents == slow.totals[i]);
            RC_ASSERT(line.total_cents >= 0);
            RC_ASSERT(line.subtotal_cents - line.discount_cents == line.total_cents);
        }
        RC_ASSERT(quote->subtotal_cents == slow.subtotal);
        RC_ASSERT(quote->discount_cents == slow.discount);
        RC_ASSERT(quote->total_cents == slow.total);
        std::int64_t sum = 0;
        std::map<std::int64_t, std::int64_t> by_line;
        for (const auto& stage : quote->stages) {
            sum += stage.delta_cents;
            if (!stage.line) continue;
            if (stage.stage != "base") RC_ASSERT(stage.base_cents == by_line[*stage.line]);
            by_line[*stage.line] += stage.delta_cents;
        }
        RC_ASSERT(sum == quote->total_cents);
        for (std::size_t i = 0; i < slow.totals.size(); ++i)
            RC_ASSERT(by_line[static_cast<std::int64_t>(i)] == slow.totals[i]);
        RC_ASSERT(quote->valid_until > shop.question.at);
    }));
}

TEST_CASE("a price depends on no order in storage", "[prices]") {
    CHECK(rc::check("lists and coupons turned round", [] {
        auto shop = some_shop();
        const auto quote = shop.decide();
        std::ranges::reverse(shop.lists);
        std::ranges::reverse(shop.coupons);
        RC_ASSERT((shop.decide() == quote));
    }));
}

TEST_CASE("instalments are what fractions say, and pay the total", "[prices]") {
    CHECK(rc::check("for any total, count and rate", [] {
        InstallmentTerms terms;
        terms.max = *rc::gen::inRange(1, 25);
        terms.interest_free = *rc::gen::inRange<std::int64_t>(1, terms.max + 1);
        terms.monthly_rate_ppm = *rc::gen::oneOf(
            rc::gen::just<std::int64_t>(0), rc::gen::inRange<std::int64_t>(1, 1'000'001)
        );
        terms.min_installment_cents = *rc::gen::inRange(0, 1000);
        const auto total = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 20'000),
            rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000)
        );
        const auto rounding = *rc::gen::element(Rounding::half_away, Rounding::half_even);
        const auto offered = InstallmentPlan(terms).all(total, "BRL", rounding);
        std::vector<std::int64_t> counts;
        for (const auto& one : offered) {
            counts.push_back(one.count);
            RC_ASSERT(one.first_cents + one.each_cents * (one.count - 1) == one.total_cents);
            RC_ASSERT(one.total_cents - one.interest_cents == total);
            const bool with_interest =
                terms.monthly_rate_ppm != 0 && one.count > terms.interest_free;
            RC_ASSERT((one.monthly_rate_ppm != 0) == with_interest);
            RC_ASSERT(
                one.each_cents == (with_interest
                                       ? payment(total, one.count, terms.monthly_rate_ppm, rounding)
                                       : total / one.count)
            );
        }
        for (std::int64_t count = 1; count <= terms.max; ++count) {
            const bool with_interest = terms.monthly_rate_ppm != 0 && count > terms.interest_free;
            const auto each = with_interest
                                  ? payment(total, count, terms.monthly_rate_ppm, rounding)
                                  : total / count;
            const bool is_offered =
                total > 0 &&
                (count == 1 || (total >= 5000 && each >= 1 && each >= terms.min_installment_cents));
            RC_ASSERT((std::ranges::count(counts, count) == 1) == is_offered);
        }
    }));
}
