#include "core/time.hpp"

#include <rapidcheck.h>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace std::chrono;

namespace {

Timestamp at(std::int64_t micros) {
    return Timestamp(microseconds(micros));
}

}  // namespace

TEST_CASE("times are written in UTC, with microseconds only where there are some", "[time]") {
    CHECK(format_time(at(0)) == "1970-01-01T00:00:00Z");
    CHECK(format_time(at(1'301'799'600'000'000)) == "2011-04-03T03:00:00Z");
    CHECK(format_time(at(1'301'799'600'000'001)) == "2011-04-03T03:00:00.000001Z");
    CHECK(format_time(at(1'301'799'600'500'000)) == "2011-04-03T03:00:00.500000Z");
    CHECK(format_time(at(-1)) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("RFC 3339 in all its forms is read", "[time]") {
    const auto expected = at(1'301'799'600'000'000);
    for (const auto* text : {
             "2011-04-03T03:00:00Z",
             "2011-04-03t03:00:00z",
             "2011-04-03 03:00:00Z",
             "2011-04-03T00:00:00-03:00",
             "2011-04-03T08:30:00+05:30",
             "2011-04-03T03:00:00.0Z",
             "2011-04-03T03:00:00.000000999Z",
         }) {
        INFO(text);
        CHECK(parse_time(text) == expected);
    }
    CHECK(parse_time("2011-04-03T03:00:00.25Z") == expected + milliseconds(250));
    CHECK(parse_time("2012-02-29T00:00:00Z"));
}

TEST_CASE("what is no time is refused", "[time]") {
    for (const auto* text : {
             "",
             "2011-04-03",
             "2011-04-03T03:00:00",
             "2011-04-03T03:00Z",
             "2011-4-03T03:00:00Z",
             "2011-13-03T03:00:00Z",
             "2011-02-29T03:00:00Z",
             "2011-04-31T03:00:00Z",
             "2011-04-03T24:00:00Z",
             "2011-04-03T03:60:00Z",
             "2011-04-03T03:00:60Z",
             "2011-04-03T03:00:00.Z",
             "2011-04-03T03:00:00.0000000001Z",
             "2011-04-03T03:00:00+0300",
             "2011-04-03T03:00:00+24:00",
             "2011-04-03T03:00:00Z ",
             " 2011-04-03T03:00:00Z",
             "-011-04-03T03:00:00Z",
         }) {
        INFO(text);
        CHECK_FALSE(parse_time(text));
    }
}

TEST_CASE("a time that UTC has in a year of five digits, or before the first, is none", "[time]") {
    CHECK(parse_time("9999-12-31T23:59:59Z"));
    CHECK_FALSE(parse_time("9999-12-31T23:59:59-01:00"));
    CHECK(parse_time("0000-01-01T00:00:00Z"));
    CHECK_FALSE(parse_time("0000-01-01T00:00:00+01:00"));
}

TEST_CASE("a written time reads back as it was", "[time][property]") {
    CHECK(rc::check([] {
        // From year 0 to 9999.
        const auto time =
            at(*rc::gen::inRange<std::int64_t>(-62'167'219'200'000'000, 253'402'300'799'999'999));
        RC_ASSERT(parse_time(format_time(time)) == time);
    }));
}
