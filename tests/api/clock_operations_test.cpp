#include "api/control/clock_operations.hpp"

#include <vector>

#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_time("2026-03-01T12:00:00Z");
const Hear nobody = [](const Json&) {};
const Cancelled never = [] { return false; };

/// A service with a test clock, and its loop.
struct Service {
    net::testing::LoopThread thread;
    net::TestTimekeeper keeper{thread.loop().get_executor(), noon};
    ClockOperation clock = clock_operation(thread.loop(), &keeper);

    ~Service() { thread.stop(); }
};

}  // namespace

TEST_CASE("a clock is told, advanced and set", "[clock]") {
    Service service;
    CHECK(service.clock({}, nobody, never) == noon);
    CHECK(service.clock({.advance = 15min}, nobody, never) == noon + 15min);
    CHECK(service.clock({.set = noon + 1h}, nobody, never) == noon + 1h);
    CHECK(service.clock({}, nobody, never) == noon + 1h);
}

TEST_CASE("a clock goes neither back nor beyond what can be written", "[clock]") {
    Service service;
    CHECK(
        service.clock({.set = noon - 1s}, nobody, never).error() ==
        "the time is 2026-03-01T12:00:00Z, and goes forward only"
    );
    for (const ClockMove& move :
         {ClockMove{.advance = std::chrono::years(9'000)},
          ClockMove{.set = Timestamp(std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1))}})
        CHECK(
            service.clock(move, nobody, never).error() == "no time is after 9999-12-31T23:59:59Z"
        );
    CHECK(service.keeper.now() == noon);
}

TEST_CASE("whoever waits for a clock hears where it is, and may leave", "[clock]") {
    Service service;
    const auto watching = service.keeper.watch([] { return "work"; });
    std::vector<std::string> heard;
    const auto moved = service.clock(
        {.advance = 1h},
        [&](const Json& said) { heard.push_back(said.at("now")); },
        [&] { return !heard.empty(); }
    );
    CHECK(moved.error() == "the clock was stopped on its way");
    CHECK(heard == std::vector<std::string>{"2026-03-01T12:00:00Z"});
    service.thread.stop();  // the watch ends with nobody on the loop
}

TEST_CASE("a service that goes by the machine's time says how one comes to another", "[clock]") {
    net::testing::LoopThread thread;
    const auto clock = clock_operation(thread.loop(), nullptr);
    CHECK(clock({}, nobody, never).error().find("serve --test-clock") != std::string::npos);
    CHECK_FALSE(clock({.advance = 1h}, nobody, never));
}
