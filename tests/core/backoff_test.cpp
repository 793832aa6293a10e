#include "core/backoff.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace std::chrono_literals;

TEST_CASE("the bound of a pause doubles up to the longest, however many attempts there were") {
    const Backoff backoff{100ms, 900ms};
    CHECK(backoff.bound(1) == 100ms);
    CHECK(backoff.bound(2) == 200ms);
    CHECK(backoff.bound(4) == 800ms);
    CHECK(backoff.bound(5) == 900ms);
    CHECK(backoff.bound(1'000'000) == 900ms);
}

TEST_CASE("a pause is anywhere up to its bound, and no shorter than what was asked for") {
    const Backoff backoff{100ms, 900ms};
    std::set<std::chrono::milliseconds> pauses;
    for (int i = 0; i < 200; ++i) {
        const auto pause = backoff.pause(2);
        CHECK(pause >= 0ms);
        CHECK(pause <= 200ms);
        pauses.insert(pause);
    }
    CHECK(pauses.size() > 20);
    CHECK(*pauses.begin() < 50ms);
    CHECK(*pauses.rbegin() > 150ms);
    CHECK(backoff.pause(2, 5s) == 5s);
}
