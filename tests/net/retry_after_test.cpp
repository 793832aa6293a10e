#include "net/retry_after.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::net;
using namespace std::chrono_literals;

namespace {

const auto now = *parse_time("2026-11-29T12:00:00.25Z");

}  // namespace

TEST_CASE("Retry-After is seconds, or a date in any form of HTTP") {
    CHECK(parse_retry_after("0", now) == 0s);
    CHECK(parse_retry_after("120", now) == 120s);
    CHECK(parse_retry_after("Sun, 29 Nov 2026 12:00:10 GMT", now) == 10s);
    CHECK(parse_retry_after("Sunday, 29-Nov-26 12:00:10 GMT", now) == 10s);
    CHECK(parse_retry_after("Sun Nov 29 12:00:10 2026", now) == 10s);
}

TEST_CASE("Retry-After is honoured for a day at most, and the past is now") {
    CHECK(parse_retry_after("86401", now) == longest_retry_after);
    CHECK(parse_retry_after("99999999999999999999999", now) == longest_retry_after);
    CHECK(parse_retry_after("Sun, 29 Nov 2099 12:00:10 GMT", now) == longest_retry_after);
    CHECK(parse_retry_after("Sun, 29 Nov 2026 11:59:59 GMT", now) == 0s);
    CHECK(parse_retry_after("-1", now) == 0s);
}

TEST_CASE("another Retry-After is none") {
    for (const auto* value :
         {"",
          "-",
          "--1",
          "+5",
          "1.5",
          "5s",
          "soon",
          "Sun, 29 Nov 2026 12:00:10 GMT!",
          "Sun, 29 Nov 2026",
          "\0"}) {
        CAPTURE(value);
        CHECK_FALSE(parse_retry_after(value, now));
    }
}
