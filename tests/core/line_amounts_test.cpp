#include "core/line_amounts.hpp"

#include <rapidcheck.h>

#include <limits>
#include <string>

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a percentage is rounded once, for the whole quantity, half away from zero", "[money]") {
    CHECK(line_amounts(6999, 10, "percentage", "10") == LineAmounts{6999, 62991});
    CHECK(line_amounts(14995, 1, "percentage", "10") == LineAmounts{1500, 13495});
    CHECK(line_amounts(1, 1, "percentage", "50") == LineAmounts{1, 0});
    CHECK(line_amounts(333, 3, "percentage", "50") == LineAmounts{500, 499});
    CHECK(line_amounts(19990, 1, "percentage", "50.76") == LineAmounts{10147, 9843});
    CHECK(line_amounts(100, 2, "percentage", "1e2") == LineAmounts{200, 0});
    CHECK(line_amounts(100, 2, "percentage", "0") == LineAmounts{0, 200});
}

TEST_CASE("a fixed discount is of each unit, and at most its price", "[money]") {
    CHECK(line_amounts(1000, 3, "fixed", "250") == LineAmounts{750, 2250});
    CHECK(line_amounts(1000, 3, "fixed", "5000") == LineAmounts{3000, 0});
    CHECK(line_amounts(0, 3, "fixed", "5000") == LineAmounts{0, 0});
    CHECK(line_amounts(1000, 3, "", "") == LineAmounts{0, 3000});
}

TEST_CASE("what cannot be understood or told has no amount", "[money]") {
    CHECK_FALSE(line_amounts(1000, 1, "percentage", "101"));
    CHECK_FALSE(line_amounts(1000, 1, "percentage", "-1"));
    CHECK_FALSE(line_amounts(1000, 1, "percentage", "\"10\""));
    CHECK_FALSE(line_amounts(1000, 1, "fixed", "2.5"));
    CHECK_FALSE(line_amounts(1000, 1, "fixed", "-1"));
    CHECK_FALSE(line_amounts(1000, 1, "gift", "1"));
    const auto most = std::numeric_limits<std::int64_t>::max();
    CHECK_FALSE(line_amounts(most, 2, "", ""));
    CHECK_FALSE(line_amounts(most, 2, "percentage", "50"));
}

TEST_CASE("a discount is not below nothing and not above the price", "[money]") {
    CHECK(rc::check("0 <= discount <= subtotal, and the total is what remains", [] {
        const auto unit = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'001);
        const auto quantity = *rc::gen::inRange<std::int64_t>(1, 1'000'001);
        const auto percent = std::to_string(*rc::gen::inRange(0, 101));
        for (const auto* type : {"percentage", "fixed"}) {
            const auto amounts = line_amounts(unit, quantity, type, percent);
            RC_ASSERT(amounts.has_value());
            RC_ASSERT(amounts->discount >= 0 && amounts->total >= 0);
            RC_ASSERT(amounts->discount + amounts->total == unit * quantity);
        }
    }));
}
