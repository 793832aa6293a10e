#include "gateways/rest/retry.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace vitrine::rest;
using namespace std::chrono_literals;

TEST_CASE("the pause is random up to a bound that doubles, never shorter than Retry-After") {
    RetryOptions options;
    options.attempts = 4;
    options.backoff = {100ms, 150ms};
    const Retry::TimePoint begin{1000s};
    Attempt failed{std::unexpected(CallError()), true};
    failed.answer.error().kind = CallError::Kind::unavailable;
    Call call;
    call.method = "GET";
    std::set<std::chrono::milliseconds> pauses;
    for (int i = 0; i < 50; ++i) {
        Retry retry(options, call, begin, begin + 30s);
        const auto first = retry.pause_after(failed, begin);
        const auto second = retry.pause_after(failed, begin);
        REQUIRE((first && second && retry.pause_after(failed, begin)));
        CHECK(*first <= 100ms);
        CHECK(*second <= 150ms);
        pauses.insert(*first);
        CHECK_FALSE(retry.pause_after(failed, begin));
    }
    CHECK(pauses.size() > 5);

    failed.answer.error().retry_after = 3s;
    Retry told(options, call, begin, begin + 30s);
    CHECK(told.pause_after(failed, begin) == 3s);
    CHECK_FALSE(told.pause_after(failed, begin + 3s));  // that would be past the budget of 5 s
    Retry hurried(options, call, begin, begin + 2s);
    CHECK_FALSE(hurried.pause_after(failed, begin));  // …and that past the deadline
    Attempt lasting = failed;
    lasting.transient = false;
    CHECK_FALSE(Retry(options, call, begin, begin + 30s).pause_after(lasting, begin));
}

TEST_CASE("of what may have left, only a GET is tried again; of what did not, anything") {
    const Retry::TimePoint begin{1000s};
    const auto* method = GENERATE("GET", "POST", "PUT", "PATCH", "DELETE");
    Call call;
    call.method = method;
    Attempt unknown{std::unexpected(CallError()), true};
    unknown.answer.error().kind = CallError::Kind::unknown;
    CHECK(
        Retry({}, call, begin, begin + 30s).pause_after(unknown, begin).has_value() ==
        (call.method == "GET")
    );
    Attempt not_sent = unknown;
    not_sent.answer.error().kind = CallError::Kind::not_sent;
    CHECK(Retry({}, call, begin, begin + 30s).pause_after(not_sent, begin));
}
