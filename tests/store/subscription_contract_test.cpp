// The contract of Subscription: from disk to live without gap or duplicate.

#include <atomic>
#include <thread>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

namespace {

/// Appends `count` events, a few at a time, from a thread of its own.
std::jthread writing(EventStore& store, std::size_t count, std::string type = "E") {
    return std::jthread([&store, count, type] {
        for (std::size_t i = 0; i < count; i += 2) {
            if (!append(
                    store,
                    "offer-" + std::to_string(i % 10),
                    ExpectedVersion::any(),
                    events_of(type, 2)
                )) {
                std::abort();
            }
        }
    });
}

std::vector<Position> take(Subscription& subscription, std::size_t count, std::size_t page) {
    std::vector<Position> positions;
    while (positions.size() < count) {
        const auto events = subscription.next(std::min(page, count - positions.size()));
        if (events.empty()) break;
        for (const auto& event : events) positions.push_back(event.position);
    }
    return positions;
}

std::vector<Position> counted(Position from, Position to) {
    std::vector<Position> positions;
    for (auto p = from; p <= to; ++p) positions.push_back(p);
    return positions;
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a subscription gives what is stored, then what is committed", "[subscribe]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 5)));
    const auto subscription = store.subscribe(2, {});
    CHECK(subscription->position() == 2);
    CHECK(positions_of(subscription->next(2)) == std::vector<Position>{3, 4});
    CHECK(positions_of(subscription->poll(10)) == std::vector<Position>{5});
    CHECK(subscription->poll(10).empty());
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    const auto live = subscription->next(10);
    REQUIRE(positions_of(live) == std::vector<Position>{6});
    CHECK(live == store.read_all(6, {}, 1, Direction::forwards));
    CHECK(subscription->position() == 6);
}

TEMPLATE_TEST_CASE(
    "an event is with subscribers before its append is answered", "[subscribe]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto subscription = store.subscribe(0, {});
    for (int i = 0; i < 50; ++i) {
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
        REQUIRE(subscription->poll(10).size() == 1);
    }
}

TEMPLATE_TEST_CASE(
    "under a writing load subscribers from anywhere miss nothing and see nothing twice",
    "[subscribe][threads]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    constexpr std::size_t stored = 600, live = 600;
    REQUIRE(append(store, "offer-x", ExpectedVersion::any(), events_of("E", stored)));
    std::atomic<int> faults = 0;
    {
        std::vector<std::jthread> readers;
        for (std::size_t i = 0; i < 6; ++i) {
            readers.emplace_back([&store, &faults, i] {
                const Position after = i * 100;
                const auto subscription = store.subscribe(after, {});
                const auto got = take(*subscription, stored + live - after, 1 + i * 7);
                if (got != counted(after + 1, stored + live)) ++faults;
            });
        }
        const auto writer = writing(store, live);
    }
    CHECK(faults == 0);
}

TEMPLATE_TEST_CASE(
    "a filtered subscription gives what matches and its position passes over the rest",
    "[subscribe]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    Filter filter;
    filter.tenant = acme;
    filter.category = "offer";
    filter.types = {"Wanted"};
    const auto subscription = store.subscribe(0, filter);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Wanted", 1)));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Other", 1)));
    REQUIRE(append(store, "product-1", ExpectedVersion::any(), events_of("Wanted", 1)));
    REQUIRE(append(
        store, append_to(other_tenant, "offer-1", ExpectedVersion::any(), events_of("Wanted", 1))
    ));
    CHECK(positions_of(subscription->poll(10)) == std::vector<Position>{1});
    CHECK(subscription->poll(10).empty());
    CHECK(subscription->position() == 4);
    const auto late = store.subscribe(0, filter);
    CHECK(positions_of(late->poll(10)) == std::vector<Position>{1});
    engine.reopen();
    const auto from_disk = engine.store().subscribe(0, filter);
    CHECK(positions_of(from_disk->poll(10)) == std::vector<Position>{1});
    CHECK(from_disk->position() == 4);
}

TEMPLATE_TEST_CASE(
    "who advances learns of what does not match by the position alone",
    "[subscribe]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    Filter filter;
    filter.types = {"Wanted"};
    const auto subscription = store.subscribe(0, filter);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Other", 3)));
    auto events = subscription->advance(10);
    REQUIRE(events);
    CHECK(events->empty());
    CHECK(subscription->position() == 3);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Wanted", 3)));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Other", 1)));
    events = subscription->advance(2);
    REQUIRE(events);
    REQUIRE(events->size() == 2);
    CHECK(events->front()->position == 4);
    CHECK(events->back()->position == 5);
    CHECK(subscription->position() == 5);
    events = subscription->advance(2);
    REQUIRE(events);
    REQUIRE(events->size() == 1);
    CHECK(events->front()->position == 6);
    // It waits for what comes, also for what does not match.
    if (subscription->position() == 6) events = subscription->advance(2);
    CHECK(subscription->position() == 7);
    Countdown started(1);
    const std::jthread writer([&] {
        started.wait();
        if (!append(store, "offer-2", ExpectedVersion::any(), events_of("Other", 1))) std::abort();
    });
    started.count_down();
    events = subscription->advance(2);
    REQUIRE(events);
    CHECK(events->empty());
    CHECK(subscription->position() == 8);
    subscription->close();
    CHECK_FALSE(subscription->advance(2));
}

TEST_CASE("followers that keep up share each event", "[subscribe]") {
    SqliteEngine engine;
    auto& store = engine.store();
    const auto one = store.subscribe(0, {});
    Filter filter;
    filter.types = {"E"};
    const auto other = store.subscribe(0, filter);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
    const auto first = one->advance(10);
    const auto second = other->advance(10);
    REQUIRE((first && second));
    REQUIRE(first->size() == 2);
    REQUIRE(second->size() == 2);
    CHECK(first->front().get() == second->front().get());
    CHECK(first->back().get() == second->back().get());
}

TEMPLATE_TEST_CASE("closing ends a waiting next", "[subscribe][threads]", VITRINE_ENGINES) {
    TestType engine;
    const auto subscription = engine.store().subscribe(0, {});
    Countdown started(1);
    std::vector<RecordedEvent> got(1);
    {
        const std::jthread reader([&] {
            started.count_down();
            got = subscription->next(10);
        });
        started.wait();
        subscription->close();
    }
    CHECK(got.empty());
    CHECK(subscription->next(10).empty());
}

TEMPLATE_TEST_CASE(
    "a subscription from beyond the head waits for what follows it", "[subscribe]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto subscription = store.subscribe(3, {});
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
    CHECK(subscription->poll(10).empty());
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    CHECK(positions_of(subscription->poll(10)) == std::vector<Position>{4, 5});
}

TEST_CASE("a slow subscriber falls back to disk and catches up again", "[subscribe]") {
    StoreOptions options;
    options.live_events = 8;
    SqliteEngine engine(options);
    auto& store = engine.store();
    const auto slow = store.subscribe(0, {});
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(slow->next(10).size() == 1);
    for (int i = 0; i < 50; ++i) {
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    }
    CHECK(take(*slow, 150, 7) == counted(2, 151));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(positions_of(slow->next(10)) == std::vector<Position>{152});
}
