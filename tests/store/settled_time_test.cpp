// The contract of EventStore: what was recorded until a time does not change once it was told.

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "store/sqlite/recording_clock.hpp"
#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using std::chrono::microseconds;

namespace {

struct Told {
    Timestamp time;
    Position position;
    Position head;  // afterwards
};

constexpr std::size_t fewest_answers = 11;

/// What the store tells of each moment while somebody appends to it: that many events, and more
/// until it has answered often enough, however the two threads are scheduled.
std::vector<Told> ask_under_appends(EventStore& store, std::size_t appends) {
    std::atomic<bool> done = false;
    std::atomic<std::size_t> answers = 0;
    std::thread writer([&] {
        for (std::size_t i = 0; i < appends || answers < fewest_answers; ++i) {
            append(store, "offer-1", ExpectedVersion::exact(i), events_of("E", 1));
        }
        done = true;
    });
    std::vector<Told> told;
    const auto clock = system_clock();
    while (!done && told.size() < 200'000) {
        const auto now = clock();
        told.push_back({now, store.position_at(now), store.head()});
        ++answers;
    }
    writer.join();
    return told;
}

std::size_t changed(EventStore& store, const std::vector<Told>& told) {
    std::size_t count = 0;
    for (const auto& each : told) {
        if (store.position_at(each.time) != each.position) ++count;
    }
    return count;
}

constexpr Timestamp start{microseconds(1'700'000'000'000'000)};

}  // namespace

TEST_CASE("the position at a time stays the same while events are appended", "[read][threads]") {
    const TemporaryFolder folder;
    const bool on_disk = GENERATE(true, false);
    const auto store = on_disk ? open_event_store(folder.path(), {})
                               : std::make_unique<MemoryEventStore>(system_clock());
    const auto told = ask_under_appends(*store, 300);
    CAPTURE(on_disk, told.size());
    CHECK(told.size() >= fewest_answers);
    CHECK(changed(*store, told) == 0);
    CHECK(std::ranges::none_of(told, [](const Told& each) { return each.position > each.head; }));
    CHECK(store->head() >= 300);
}

TEMPLATE_TEST_CASE(
    "what comes within the microsecond that was asked about is recorded after it",
    "[read]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto now = engine.clock.now();
    CHECK(store.position_at(now) == 0);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
    CHECK(store.position_at(now) == 0);
    CHECK(all(store).front().recorded_at == now + microseconds(1));
    CHECK(store.position_at(now + microseconds(1)) == 2);
    // A time to come is told as it is now, and holds nothing up.
    CHECK(store.position_at(now + std::chrono::hours(1)) == 2);
    engine.clock.advance(microseconds(10));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(all(store).back().recorded_at == now + microseconds(10));
}

TEST_CASE("a time before the last event waits for nobody, a later one for one commit", "[read]") {
    const ManualClock manual;
    sqlite::RecordingClock clock(manual.clock(), start - microseconds(5));
    CHECK(clock.begin() == start);
    CHECK(clock.settle(start - microseconds(6)));
    std::optional<bool> settled;
    clock.when_settled(start, [&](bool is) { settled = is; });
    CHECK_FALSE(settled);
    std::atomic<bool> waited = false;
    std::thread asks([&] { waited = clock.settle(start); });
    clock.end(start);
    asks.join();  // does not depend on a further commit
    CHECK(waited);
    CHECK(settled == true);
    CHECK(clock.begin() > start);
}

TEST_CASE("who waits for a commit that is tried anew is told at the second attempt", "[read]") {
    const ManualClock manual;
    sqlite::RecordingClock clock(manual.clock(), {});
    clock.begin();
    std::optional<bool> settled;
    clock.when_settled(start, [&](bool is) { settled = is; });
    CHECK_FALSE(settled);
    CHECK(clock.begin() > start);
    CHECK(settled == true);
}

TEST_CASE("nobody waits for a commit of which nothing is known", "[read][fault]") {
    const ManualClock manual;
    std::optional<bool> settled;
    {
        sqlite::RecordingClock clock(manual.clock(), {});
        clock.begin();
        clock.when_settled(start, [&](bool is) { settled = is; });
        clock.lose();
        CHECK(settled == false);
        CHECK_FALSE(clock.settle(start));
        CHECK(clock.settle(start - microseconds(1)));  // before it began
        clock.end(start);
        CHECK(clock.settle(start));
        clock.begin();
        settled.reset();
        clock.when_settled(start + microseconds(10), [&](bool is) { settled = is; });
    }
    CHECK(settled == false);  // it ended with a commit under way
}
