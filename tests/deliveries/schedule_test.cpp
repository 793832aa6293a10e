#include "deliveries/schedule.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::deliveries;
using namespace std::chrono_literals;

namespace {

const Timestamp now{1'000'000s};
const Schedule schedule{0s, 5s, 300s};

std::chrono::microseconds pause(
    int failed, double chance, std::optional<std::chrono::seconds> asked_for = {}
) {
    return *next_attempt(schedule, failed, now, asked_for, [chance] { return chance; }) - now;
}

}  // namespace

TEST_CASE("an attempt is due anywhere from half of the schedule's pause to all of it") {
    CHECK(pause(1, 0) == 2500ms);
    CHECK(pause(1, 0.5) == 3750ms);
    CHECK(pause(2, 0.999) == 299'850ms);
}

TEST_CASE("there are as many attempts as the schedule has pauses") {
    CHECK_FALSE(next_attempt(schedule, 3, now, 1s, any_random()));
    CHECK_FALSE(next_attempt(schedule, 4, now, {}, any_random()));
    CHECK_FALSE(next_attempt({}, 0, now, {}, any_random()));
}

TEST_CASE("an attempt is no earlier than the receiver asked for, within a day") {
    CHECK(pause(1, 0, 60s) == 60s);
    CHECK(pause(2, 0.999, 60s) == 299'850ms);
    CHECK(pause(1, 0, std::chrono::hours(24 * 365)) == longest_wait);
    CHECK(pause(1, 0.5, -60s) == 3750ms);
    CHECK(pause(1, 0.5, std::chrono::seconds::max()) == longest_wait);
}
