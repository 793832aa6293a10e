#include "core/decimal.hpp"

#include "core/shortest_numbers.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("a decimal is the same however it is written", "[decimal]") {
    for (const auto* text : {"100", "1e2", "100.00", "0.1e3", "1E+2", "1000e-1"})
        CHECK(parse_decimal(text) == Decimal{false, "1", 3});
    CHECK(parse_decimal("-0.0120") == Decimal{true, "12", -1});
    CHECK(parse_decimal("0e99") == Decimal{false, "", 0});
    CHECK_FALSE(parse_decimal("1") == parse_decimal("-1"));
    CHECK(parse_decimal("1e99999999999999999999") != parse_decimal("1e9"));
}

TEST_CASE("a double is written as the shortest decimal that is it", "[decimal]") {
    CHECK(decimal_of(0.1) == parse_decimal("0.1"));
    CHECK(decimal_of(1e23) == parse_decimal("1e23"));
    CHECK(decimal_of(-0.0) == parse_decimal("-0"));
}

TEST_CASE("an integer is told from its decimal, without rounding", "[decimal]") {
    CHECK(integer_text(parse_decimal("9007199254740993.0")) == "9007199254740993");
    CHECK(integer_text(parse_decimal("-12e1")) == "-120");
    CHECK(integer_text(parse_decimal("0.0")) == "0");
    CHECK_FALSE(integer_text(parse_decimal("1.5")));
    CHECK_FALSE(integer_text(parse_decimal("1e999999999")));
}

TEST_CASE("a decimal is scaled to a whole number, rounded half away from zero", "[decimal]") {
    struct Row {
        const char* text;
        std::int64_t cents;
    };
    const auto row = GENERATE(
        Row{"0", 0},
        Row{"19.9", 1990},
        Row{"1.005", 101},
        Row{"-1.005", -101},
        Row{"6.1000000000000005", 610},
        Row{"0.004", 0},
        Row{"0.005", 1},
        Row{"0.0009", 0},
        Row{"1e3", 100'000},
        Row{"9999999999999.99", 999'999'999'999'999}
    );
    CHECK(scaled(parse_decimal(row.text), 2) == row.cents);
    CHECK_FALSE(scaled(parse_decimal("10000000000000.0"), 2));
    CHECK(scaled(parse_decimal("1.5"), 0) == 2);
}

TEST_CASE("numbers in a JSON text become as short as they can be", "[decimal]") {
    CHECK(with_shortest_numbers("[0.06531000000000001]") == "[0.06531]");
    CHECK(
        with_shortest_numbers(R"({"a":-0.34622000000000003,"b\"0.06531000000000001":["\\",1]})") ==
        R"({"a":-0.34622,"b\"0.06531000000000001":["\\",1]})"
    );
    CHECK(with_shortest_numbers("9.999999999999999e+22") == "1e+23");
    CHECK(with_shortest_numbers("1.2345678901234568e+20") == "1.2345678901234568e+20");
    CHECK(with_shortest_numbers("[9007199254740993,0.1,100.0]") == "[9007199254740993,0.1,100.0]");
}
