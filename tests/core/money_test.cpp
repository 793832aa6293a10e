#include "core/money.hpp"

#include <rapidcheck.h>

#include <limits>
#include <numeric>

#include "tests/support/catch.hpp"

using namespace vitrine;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

Money brl(std::int64_t minor) {
    return {minor, *Currency::find("BRL")};
}

std::int64_t percent_of(std::int64_t minor, const char* percent) {
    return share(brl(minor), *Rate::percent(percent))->minor;
}

std::int64_t total(const std::vector<std::int64_t>& parts) {
    return std::accumulate(parts.begin(), parts.end(), std::int64_t{0});
}

/// Parts as carts have them: some weigh nothing, some have caps.
std::vector<Part> some_parts() {
    const auto count = *rc::gen::inRange<std::size_t>(1, 12);
    std::vector<Part> parts(count);
    for (auto& part : parts) {
        part.weight = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
        if (*rc::gen::inRange(0, 2) == 1)
            part.cap = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000);
    }
    return parts;
}

}  // namespace

TEST_CASE("a currency knows how many digits its minor unit has", "[money]") {
    CHECK(Currency::find("BRL")->exponent() == 2);
    CHECK(Currency::find("JPY")->exponent() == 0);
    CHECK(Currency::find("KWD")->exponent() == 3);
    CHECK(Currency::find("CLF")->exponent() == 4);
    CHECK(Currency::find("BRL")->code() == "BRL");
    for (const auto* no : {"", "brl", "BR", "BRLX", "ZZZ", "B1L", "R$ "}) {
        INFO(no);
        CHECK_FALSE(Currency::find(no));
    }
}

TEST_CASE("percent are read exactly, to a part per million", "[money]") {
    const auto ppm = [](const char* text) { return Rate::percent(text)->ppm; };
    CHECK(ppm("50.76") == 507'600);
    CHECK(ppm("10") == 100'000);
    CHECK(ppm("1e1") == 100'000);
    CHECK(ppm("100.0") == 1'000'000);
    CHECK(ppm("0.0001") == 1);
    CHECK(ppm("0.00005") == 1);
    CHECK(ppm("0.000049999") == 0);
    CHECK(ppm("-0.00005") == -1);
    CHECK(ppm("33.3333333333333333333333333") == 333'333);
    CHECK(ppm("0") == 0);
    CHECK(ppm("0.000e9") == 0);
    CHECK(ppm("1e-99999") == 0);
    CHECK(ppm("922337203685477.5807") == most);
    CHECK_FALSE(Rate::percent("922337203685477.5808"));
    CHECK_FALSE(Rate::percent("1e99"));
}

TEST_CASE("the discounts that broke stores elsewhere come out to the cent", "[money]") {
    CHECK(*times(brl(6999), 10) == brl(69990));
    CHECK(*difference(brl(69990), *share(brl(69990), *Rate::percent("10"))) == brl(62991));
    CHECK(percent_of(14995, "10") == 1500);  // 14.995 is 15.00
    CHECK(14995 - percent_of(14995, "10") == 13495);
}

TEST_CASE("half a cent goes away from zero, or to the even one by policy", "[money]") {
    CHECK(round_div(5, 10, Rounding::half_away) == 1);
    CHECK(round_div(-5, 10, Rounding::half_away) == -1);
    CHECK(round_div(5, -10, Rounding::half_away) == -1);
    CHECK(round_div(15, 10, Rounding::half_away) == 2);
    CHECK(round_div(25, 10, Rounding::half_away) == 3);
    CHECK(round_div(4, 10, Rounding::half_away) == 0);
    CHECK(round_div(5, 10, Rounding::half_even) == 0);
    CHECK(round_div(-5, 10, Rounding::half_even) == 0);
    CHECK(round_div(15, 10, Rounding::half_even) == 2);
    CHECK(round_div(25, 10, Rounding::half_even) == 2);
    CHECK(round_div(-35, 10, Rounding::half_even) == -4);
    CHECK(round_div(26, 10, Rounding::half_even) == 3);
    CHECK(round_div(least, least, Rounding::half_away) == 1);
    CHECK(round_div(least, 1, Rounding::half_away) == least);
}

TEST_CASE("a quotient is at most half a unit from the truth", "[money]") {
    CHECK(rc::check("for any n and d of 62 bits", [] {
        const auto n = *rc::gen::arbitrary<std::int64_t>();
        const auto d = *rc::gen::nonZero<std::int64_t>() / 2;
        RC_PRE(d != 0);
        for (const auto rounding : {Rounding::half_away, Rounding::half_even}) {
            const auto quotient = round_div(n, d, rounding);
            if (!quotient) continue;
            auto rest = static_cast<Wide>(n) - static_cast<Wide>(*quotient) * d;
            if (rest < 0) rest = -rest;
            const auto divisor = d < 0 ? -static_cast<Wide>(d) : static_cast<Wide>(d);
            RC_ASSERT(rest * 2 <= divisor);
        }
    }));
}

TEST_CASE("a sum that does not fit is refused, and so are two currencies", "[money]") {
    CHECK(sum(brl(most), brl(1)).error() == MoneyError::overflow);
    CHECK(difference(brl(least), brl(1)).error() == MoneyError::overflow);
    CHECK(times(brl(most / 2), 3).error() == MoneyError::overflow);
    CHECK(share(brl(most), Rate{1'000'001}).error() == MoneyError::overflow);
    CHECK(*share(brl(most), Rate{1'000'000}) == brl(most));
    CHECK(*sum(brl(most), brl(least)) == brl(-1));
    const Money yen{1, *Currency::find("JPY")};
    CHECK(sum(brl(1), yen).error() == MoneyError::other_currency);
    CHECK(difference(brl(1), yen).error() == MoneyError::other_currency);
}

TEST_CASE("an amount is allocated by the largest remainder", "[money]") {
    const auto shares = [](std::int64_t whole, std::vector<Part> parts) {
        return *allocate(whole, parts);
    };
    using Shares = std::vector<std::int64_t>;
    CHECK(shares(100, {{1, {}}, {1, {}}, {1, {}}}) == Shares{34, 33, 33});
    CHECK(shares(-100, {{1, {}}, {1, {}}, {1, {}}}) == Shares{-34, -33, -33});
    CHECK(shares(1000, {{6999, {}}, {14995, {}}, {0, {}}}) == Shares{318, 682, 0});
    CHECK(shares(5, {{3, {}}, {7, {}}}) == Shares{1, 4});  // 1.5 and 3.5: the larger weight first
    CHECK(shares(0, {{0, {}}}) == Shares{0});
    CHECK(shares(most, {{most, {}}}) == Shares{most});
    CHECK(allocate(1, std::vector<Part>{{0, {}}}).error() == MoneyError::no_weight);
    CHECK(allocate(1, {}).error() == MoneyError::no_weight);
    CHECK(allocate(least, std::vector<Part>{{1, {}}}).error() == MoneyError::overflow);
}

TEST_CASE("what a cap leaves over goes to the others", "[money]") {
    const std::vector<Part> parts{{1, 10}, {1, {}}, {2, 30}};
    CHECK(*allocate(100, parts) == std::vector<std::int64_t>{10, 60, 30});
    CHECK(*allocate(-100, parts) == std::vector<std::int64_t>{-10, -60, -30});
    const std::vector<Part> full{{5, 5}, {7, 7}};
    CHECK(*allocate(12, full) == std::vector<std::int64_t>{5, 7});
    CHECK(allocate(13, full).error() == MoneyError::over_caps);
}

TEST_CASE("parts sum to the whole, within their caps, and never against its sign", "[money]") {
    CHECK(rc::check("for any whole and parts", [] {
        const auto parts = some_parts();
        const auto whole = *rc::gen::inRange<std::int64_t>(-3'000'000'000'000, 3'000'000'000'000);
        const auto given = allocate(whole, parts);
        if (!given) {
            RC_ASSERT(whole != 0);
            return;
        }
        RC_ASSERT(total(*given) == whole);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto each = whole < 0 ? -(*given)[i] : (*given)[i];
            RC_ASSERT(each >= 0);
            if (parts[i].cap) RC_ASSERT(each <= *parts[i].cap);
            if (parts[i].weight == 0) RC_ASSERT(each == 0);
        }
    }));
    CHECK(rc::check("without caps a part is within one unit of its exact share", [] {
        auto parts = some_parts();
        Wide weights = 0;
        for (auto& part : parts) {
            part.cap.reset();
            weights += part.weight;
        }
        RC_PRE(weights > 0);
        const auto whole = *rc::gen::inRange<std::int64_t>(0, 3'000'000'000'000);
        const auto given = *allocate(whole, parts);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            auto away = given[i] * weights - static_cast<Wide>(whole) * parts[i].weight;
            if (away < 0) away = -away;
            RC_ASSERT(away < weights);
        }
    }));
}

TEST_CASE("instalments are equal, and the first carries the remainder", "[money]") {
    CHECK(instalments(10'000, 3) == std::vector<std::int64_t>{3'334, 3'333, 3'333});
    CHECK(instalments(10'000, 1) == std::vector<std::int64_t>{10'000});
    CHECK(instalments(2, 3) == std::vector<std::int64_t>{2, 0, 0});
    CHECK(rc::check("they sum to the total", [] {
        const auto amount = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
        const auto count = *rc::gen::inRange(1, 37);
        RC_ASSERT(total(instalments(amount, count)) == amount);
    }));
}
