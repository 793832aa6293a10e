// The contract of EventStore: reads by stream, position, filter and time.

#include <rapidcheck.h>

#include <algorithm>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;

TEMPLATE_TEST_CASE(
    "a stream reads forwards and backwards from a version", "[read]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 5)));
    REQUIRE(append(store, "offer-2", ExpectedVersion::any(), events_of("E", 1)));
    const auto read = [&](Version from, std::size_t limit, Direction direction) {
        return positions_of(store.read_stream(acme, StreamName("offer-1"), from, limit, direction));
    };
    using P = std::vector<Position>;
    CHECK(read(0, 100, Direction::forwards) == P{1, 2, 3, 4, 5});
    CHECK(read(3, 2, Direction::forwards) == P{3, 4});
    CHECK(read(6, 2, Direction::forwards) == P{});
    CHECK(read(0, 2, Direction::backwards) == P{5, 4});
    CHECK(read(3, 100, Direction::backwards) == P{3, 2, 1});
    CHECK(read(1, 0, Direction::forwards) == P{});
    CHECK(store.stream_version(acme, StreamName("offer-9")) == 0);
}

TEMPLATE_TEST_CASE("an empty store has head 0 and nothing to read", "[read]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    CHECK(store.head() == 0);
    CHECK(all(store).empty());
    CHECK(store.read_all(0, {}, 10, Direction::backwards).empty());
    CHECK(store.position_at(engine.clock.now()) == 0);
}

TEMPLATE_TEST_CASE(
    "the position at a time is the last recorded until then", "[read]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto start = engine.clock.now();
    using std::chrono::seconds;
    for (int i = 0; i < 9; ++i) {
        REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 2)));
        engine.clock.advance(seconds(10));
    }
    CHECK(store.position_at(start - seconds(1)) == 0);
    CHECK(store.position_at(start) == 2);
    CHECK(store.position_at(start + seconds(9)) == 2);
    CHECK(store.position_at(start + seconds(10)) == 4);
    CHECK(store.position_at(start + seconds(1000)) == 18);
    Filter filter;
    filter.since = start + seconds(10);
    filter.until = start + seconds(25);
    CHECK(
        positions_of(store.read_all(1, filter, 100, Direction::forwards)) ==
        std::vector<Position>{3, 4, 5, 6}
    );
}

namespace {

/// A log whose events differ in all that a filter can ask for.
void fill(EventStore& store, ManualClock& clock, const std::vector<int>& shape) {
    for (const int n : shape) {
        const auto& tenant = n % 3 == 0 ? other_tenant : acme;
        const auto stream = (n % 2 == 0 ? "offer-" : "product-") + std::to_string(n % 5);
        const auto type = "Type" + std::to_string(n % 4);
        if (!append(
                store,
                append_to(
                    tenant,
                    stream,
                    ExpectedVersion::any(),
                    events_of(type, static_cast<std::size_t>(1 + n % 3))
                )
            )) {
            throw std::runtime_error("refused");
        }
        clock.advance(std::chrono::seconds(1));
    }
}

Filter any_filter(const Clock& clock) {
    Filter filter;
    if (*rc::gen::arbitrary<bool>()) filter.tenant = *rc::gen::element(acme, other_tenant);
    if (*rc::gen::inRange(0, 4) == 0) {
        filter.stream =
            StreamName(*rc::gen::element<std::string>("offer-0", "offer-2", "product-1", "offer-99")
            );
    }
    if (*rc::gen::inRange(0, 3) == 0) {
        filter.category = *rc::gen::element<std::string>("offer", "product", "none");
    }
    filter.types = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("Type0", "Type1", "Type2", "Type3", "TypeX")
    );
    if (filter.types.size() > 3) filter.types.clear();
    const auto back = [&] { return clock() - std::chrono::seconds(*rc::gen::inRange(0, 80)); };
    if (*rc::gen::inRange(0, 4) == 0) filter.since = back();
    if (*rc::gen::inRange(0, 4) == 0) filter.until = back();
    return filter;
}

}  // namespace

TEMPLATE_TEST_CASE(
    "a filtered read gives just what matches, in order, in either direction",
    "[read][property]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    std::vector<int> shape;
    for (int i = 0; i < 80; ++i) shape.push_back((i * 37 + i / 7) % 60);
    fill(store, engine.clock, shape);
    const auto events = all(store);
    const auto held = rc::check([&] {
        const auto filter = any_filter(engine.clock.clock());
        const auto forwards = *rc::gen::arbitrary<bool>();
        const auto from = *rc::gen::inRange<Position>(0, events.size() + 5);
        const auto limit = *rc::gen::inRange<std::size_t>(0, 40);
        std::vector<RecordedEvent> expected;
        for (const auto& event : events) {
            const bool in_range =
                forwards ? event.position >= from : from == 0 || event.position <= from;
            if (in_range && filter.matches(event)) expected.push_back(event);
        }
        if (!forwards) std::ranges::reverse(expected);
        if (expected.size() > limit) expected.resize(limit);
        const auto direction = forwards ? Direction::forwards : Direction::backwards;
        const auto got = store.read_all(from, filter, limit, direction);
        RC_ASSERT(positions_of(got) == positions_of(expected));
        RC_ASSERT(got == expected);
        // In the memory of other events, whole ones.
        auto facts = events;
        store.read_all_into(facts, from, filter, limit, direction, Detail::facts);
        std::ranges::for_each(expected, keep_facts);
        RC_ASSERT(facts == expected);
    });
    CHECK(held);
}

TEMPLATE_TEST_CASE("a read of a rare type finds it however far it is", "[read]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Rare", 1)));
    REQUIRE(append(store, "offer-2", ExpectedVersion::any(), events_of("Common", 5000)));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("Rare", 1)));
    Filter filter;
    filter.types = {"Rare"};
    using P = std::vector<Position>;
    CHECK(positions_of(store.read_all(2, filter, 10, Direction::forwards)) == P{5002});
    CHECK(positions_of(store.read_all(0, filter, 10, Direction::backwards)) == P{5002, 1});
    CHECK(positions_of(store.read_all(1, filter, 1, Direction::forwards)) == P{1});
}
