#include "gateways/rest/breaker.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine::rest;
using namespace std::chrono_literals;
using State = Breaker::State;

namespace {

struct Broken {
    Broken() {
        for (int i = 0; i < 3; ++i) fail();
    }
    void fail() { breaker->enter(now)->failed(now); }

    Breaker::TimePoint now{100s};
    std::shared_ptr<Breaker> breaker = std::make_shared<Breaker>(BreakerOptions{3, 1000ms, 4000ms});
};

}  // namespace

TEST_CASE("so many failures in a row open the breaker, a success among them does not") {
    const auto breaker = std::make_shared<Breaker>(BreakerOptions{3, 1000ms, 4000ms});
    const Breaker::TimePoint now{100s};
    for (int round = 0; round < 5; ++round) {
        breaker->enter(now)->failed(now);
        breaker->enter(now)->failed(now);
        breaker->enter(now)->succeeded();
    }
    CHECK(breaker->state(now) == State::closed);
    Broken broken;
    CHECK(broken.breaker->state(broken.now) == State::open);
    CHECK(broken.breaker->opened() == 1);
    const auto held = broken.breaker->enter(broken.now + 300ms);
    REQUIRE_FALSE(held);
    CHECK(held.error() == 700ms);
}

TEST_CASE("half-open lets one probe go, and its success lets all") {
    Broken broken;
    broken.now += 1000ms;
    CHECK(broken.breaker->state(broken.now) == State::half_open);
    auto probe = broken.breaker->enter(broken.now);
    REQUIRE(probe);
    CHECK_FALSE(broken.breaker->enter(broken.now));
    probe->succeeded();
    CHECK(broken.breaker->state(broken.now) == State::closed);
    CHECK(broken.breaker->enter(broken.now));
}

TEST_CASE("a probe that fails opens for longer, up to the longest") {
    Broken broken;
    for (const auto wait : {1000ms, 2000ms, 4000ms, 4000ms}) {
        CHECK(broken.breaker->enter(broken.now).error() == wait);
        broken.now += wait;
        broken.fail();
    }
    broken.now += 4000ms;
    broken.breaker->enter(broken.now)->succeeded();
    for (int i = 0; i < 3; ++i) broken.fail();
    CHECK(broken.breaker->enter(broken.now).error() == 1000ms);
}

TEST_CASE("a probe that is given up leaves its place, and stragglers say nothing") {
    Broken broken;
    broken.now += 1000ms;
    {
        const auto given_up = broken.breaker->enter(broken.now);
    }
    CHECK(broken.breaker->enter(broken.now));

    const auto breaker = std::make_shared<Breaker>(BreakerOptions{1, 1000ms, 4000ms});
    auto first = breaker->enter(broken.now);
    auto straggler = breaker->enter(broken.now);
    first->failed(broken.now);
    straggler->failed(broken.now + 900ms);
    CHECK(breaker->state(broken.now + 1000ms) == State::half_open);
    CHECK(breaker->opened() == 1);
}
