// The contract of EventStore: what every engine does with an append.

#include <atomic>
#include <map>
#include <thread>

#include "tests/store/engine.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::store;
using namespace vitrine::store::testing;
using Kind = AppendError::Kind;

TEMPLATE_TEST_CASE(
    "an appended event reads back with every field as given", "[append]", VITRINE_ENGINES
) {
    TestType engine;
    auto asked = event_of("OfferCreated", R"({"name":"Açaí","price_cents":1990})");
    asked.schema = 3;
    const auto result = append(engine.store(), "offer-1", ExpectedVersion::no_stream(), {asked});
    REQUIRE(result);
    CHECK(result->first == 1);
    CHECK(result->last == 1);
    CHECK(result->versions == std::vector<Version>{1});
    CHECK_FALSE(result->repeated);
    const auto events =
        engine.store().read_stream(acme, StreamName("offer-1"), 1, 10, Direction::forwards);
    REQUIRE(events.size() == 1);
    const auto& event = events.front();
    CHECK(event.position == 1);
    CHECK(event.id == asked.id);
    CHECK(event.tenant == acme);
    CHECK(event.stream == StreamName("offer-1"));
    CHECK(event.version == 1);
    CHECK(event.type == "OfferCreated");
    CHECK(event.schema == 3);
    CHECK(event.data == asked.data);
    CHECK(event.metadata == asked.metadata);
    CHECK(event.occurred_at == asked.occurred_at);
    CHECK(event.recorded_at == engine.clock.now());
    CHECK(all(engine.store()) == events);
}

TEMPLATE_TEST_CASE("an event id that is no UUID is kept as it is", "[append]", VITRINE_ENGINES) {
    TestType engine;
    auto asked = event_of("OfferCreated");
    asked.id = EventId("0190C1F2-AAAA-7AAA-8AAA-0123456789AB");
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), {asked}));
    CHECK(all(engine.store()).front().id == asked.id);
}

TEMPLATE_TEST_CASE("expected versions decide who may write", "[append]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    const auto refused = [&](const std::string& stream, ExpectedVersion expected) {
        const auto result = append(store, stream, expected, events_of("E", 1));
        return !result && result.error().kind == Kind::conflict;
    };
    CHECK(refused("offer-1", ExpectedVersion::stream_exists()));
    CHECK(refused("offer-1", ExpectedVersion::exact(1)));
    CHECK(append(store, "offer-1", ExpectedVersion::exact(0), events_of("E", 1)));
    CHECK(refused("offer-1", ExpectedVersion::no_stream()));
    CHECK(refused("offer-1", ExpectedVersion::exact(0)));
    CHECK(append(store, "offer-1", ExpectedVersion::stream_exists(), events_of("E", 1)));
    CHECK(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(append(store, "offer-1", ExpectedVersion::exact(3), events_of("E", 1)));
    CHECK(refused("offer-1", ExpectedVersion::exact(3)));
    CHECK(refused("offer-1", ExpectedVersion::exact(9)));
    CHECK(append(store, "offer-2", ExpectedVersion::any(), events_of("E", 1)));
    CHECK(store.stream_version(acme, StreamName("offer-1")) == 4);
    CHECK(store.head() == 5);
}

TEMPLATE_TEST_CASE(
    "a conflict tells the current version and what came in between", "[append]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 5)));
    const auto result = append(store, "offer-1", ExpectedVersion::exact(2), events_of("E", 1));
    REQUIRE_FALSE(result);
    CHECK(result.error().stream == StreamName("offer-1"));
    CHECK(result.error().current == 5);
    CHECK(positions_of(result.error().in_between) == std::vector<Position>{3, 4, 5});
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 200)));
    const auto far = append(store, "offer-1", ExpectedVersion::exact(5), events_of("E", 1));
    CHECK(far.error().in_between.size() == 100);
    const auto none = append(store, "offer-1", ExpectedVersion::no_stream(), events_of("E", 1));
    CHECK(none.error().in_between.empty());
}

TEMPLATE_TEST_CASE(
    "an append to several streams is written whole or not at all", "[append]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-2", ExpectedVersion::any(), events_of("E", 1)));
    auto both = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2));
    both.streams.push_back({StreamName("offer-2"), ExpectedVersion::exact(0), events_of("E", 1)});
    const auto refused = append(store, both);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().stream == StreamName("offer-2"));
    CHECK(store.head() == 1);
    CHECK(store.stream_version(acme, StreamName("offer-1")) == 0);
    both.streams.back().expected = ExpectedVersion::exact(1);
    const auto result = append(store, both);
    REQUIRE(result);
    CHECK(result->first == 2);
    CHECK(result->last == 4);
    CHECK(result->versions == std::vector<Version>{2, 2});
}

TEMPLATE_TEST_CASE(
    "the same stream twice in one append goes on where it left off", "[append]", VITRINE_ENGINES
) {
    TestType engine;
    auto twice = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2));
    twice.streams.push_back({StreamName("offer-1"), ExpectedVersion::exact(2), events_of("E", 1)});
    const auto result = append(engine.store(), twice);
    REQUIRE(result);
    CHECK(result->versions == std::vector<Version>{2, 3});
}

TEMPLATE_TEST_CASE("a part without events only checks its stream", "[append]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    CHECK_FALSE(append(store, "offer-1", ExpectedVersion::stream_exists(), {}));
    const auto result = append(store, "offer-1", ExpectedVersion::no_stream(), {});
    REQUIRE(result);
    CHECK(result->first == 0);
    CHECK(store.head() == 0);
}

TEMPLATE_TEST_CASE(
    "the same event ids again change nothing and answer with the first positions",
    "[append][idempotence]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    auto asked = append_to(acme, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2));
    asked.streams.push_back({StreamName("offer-2"), ExpectedVersion::any(), events_of("F", 1)});
    const auto first = append(store, asked);
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 3)));
    engine.reopen();
    const auto again = append(engine.store(), asked);
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->first == first->first);
    CHECK(again->last == first->last);
    CHECK(again->versions == first->versions);
    CHECK(engine.store().head() == 6);
}

TEMPLATE_TEST_CASE(
    "an event id with other content or company is refused", "[append][idempotence]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto asked = append_to(acme, "offer-1", ExpectedVersion::any(), events_of("E", 2));
    REQUIRE(append(store, asked));
    const auto refused = [&](auto change) {
        auto altered = asked;
        change(altered);
        const auto result = append(store, altered);
        return !result && result.error().kind == Kind::event_id_reused;
    };
    CHECK(refused([](Append& a) { a.streams[0].events[1].data = "{}"; }));
    CHECK(refused([](Append& a) { a.streams[0].events[0].metadata = "{}"; }));
    CHECK(refused([](Append& a) { a.streams[0].events[0].type = "F"; }));
    CHECK(refused([](Append& a) { a.streams[0].events[0].schema = 2; }));
    CHECK(refused([](Append& a) { a.streams[0].events[0].occurred_at = Timestamp(); }));
    CHECK(refused([](Append& a) { a.streams[0].stream = StreamName("offer-2"); }));
    CHECK(refused([](Append& a) { a.tenant = other_tenant; }));
    CHECK(refused([](Append& a) { a.streams[0].events.push_back(event_of("E")); }));
    CHECK(refused([](Append& a) {
        a.streams[0].events.insert(a.streams[0].events.begin(), event_of("E"));
    }));
    auto twice = append_to(acme, "offer-3", ExpectedVersion::any(), events_of("E", 1));
    twice.streams[0].events.push_back(twice.streams[0].events.front());
    CHECK(append(store, twice).error().kind == Kind::event_id_reused);
    CHECK(store.head() == 2);
}

TEMPLATE_TEST_CASE("two tenants with equal streams never meet", "[append]", VITRINE_ENGINES) {
    TestType engine;
    auto& store = engine.store();
    REQUIRE(append(store, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2)));
    const auto result = append(
        store, append_to(other_tenant, "offer-1", ExpectedVersion::no_stream(), events_of("E", 1))
    );
    REQUIRE(result);
    CHECK(result->versions == std::vector<Version>{1});
    CHECK(store.stream_version(acme, StreamName("offer-1")) == 2);
    CHECK(store.stream_version(other_tenant, StreamName("offer-1")) == 1);
    const auto theirs =
        store.read_stream(other_tenant, StreamName("offer-1"), 1, 10, Direction::forwards);
    CHECK(positions_of(theirs) == std::vector<Position>{3});
}

TEMPLATE_TEST_CASE(
    "an event tells the number of its stream, the position of its first event, however it is read",
    "[append]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const auto subscription = store.subscribe(0, {});
    REQUIRE(append(store, "offer-1", ExpectedVersion::no_stream(), events_of("E", 2)));
    REQUIRE(append(
        store, append_to(other_tenant, "offer-1", ExpectedVersion::no_stream(), events_of("E", 1))
    ));
    REQUIRE(append(store, "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    const auto numbers = [](const std::vector<RecordedEvent>& events) {
        std::vector<Position> numbers;
        for (const auto& event : events) numbers.push_back(event.stream_number);
        return numbers;
    };
    CHECK(numbers(subscription->poll(10)) == std::vector<Position>{1, 1, 3, 1});
    CHECK(numbers(all(store)) == std::vector<Position>{1, 1, 3, 1});
    engine.reopen();
    auto& again = engine.store();
    REQUIRE(append(again, "offer-1", ExpectedVersion::exact(3), events_of("E", 1)));
    CHECK(numbers(all(again)) == std::vector<Position>{1, 1, 3, 1, 1});
    const auto own = again.read_stream(acme, StreamName("offer-1"), 2, 10, Direction::forwards);
    CHECK(numbers(own) == std::vector<Position>{1, 1, 1});
}

TEMPLATE_TEST_CASE(
    "the time of recording never goes back, also across a restart", "[append]", VITRINE_ENGINES
) {
    TestType engine;
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    const auto first = engine.clock.now();
    engine.clock.advance(std::chrono::seconds(-60));
    REQUIRE(append(engine.store(), "offer-1", ExpectedVersion::any(), events_of("E", 1)));
    engine.reopen();
    REQUIRE(append(engine.store(), "offer-2", ExpectedVersion::any(), events_of("E", 1)));
    for (const auto& event : all(engine.store())) CHECK(event.recorded_at == first);
}

TEMPLATE_TEST_CASE("a store opened again has everything", "[append]", VITRINE_ENGINES) {
    TestType engine;
    for (int i = 0; i < 20; ++i) {
        REQUIRE(append(
            engine.store(),
            "offer-" + std::to_string(i % 3),
            ExpectedVersion::any(),
            events_of("E", 2)
        ));
    }
    const auto before = all(engine.store());
    engine.reopen();
    CHECK(all(engine.store()) == before);
    CHECK(engine.store().head() == 40);
    const auto next =
        append(engine.store(), "offer-0", ExpectedVersion::exact(14), events_of("E", 1));
    REQUIRE(next);
    CHECK(next->first == 41);
}

TEMPLATE_TEST_CASE(
    "64 callers on several threads: every answer is true, positions and versions have no gap",
    "[append][threads]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    constexpr std::size_t threads = 4, callers = 64, rounds = 12;
    struct Answer {
        StreamName stream;
        EventId id;
        Position position;
        Version version;
    };
    std::mutex mutex;
    std::vector<Answer> answers;
    std::atomic<std::size_t> refused = 0;
    const auto call = [&](std::size_t thread) {
        for (std::size_t round = 0; round < rounds; ++round) {
            Countdown answered(callers / threads);
            for (std::size_t i = 0; i < callers / threads; ++i) {
                const StreamName stream("offer-" + std::to_string((thread + i) % 7));
                const auto events = events_of("E", 1);
                store.append(
                    append_to(acme, stream.str(), ExpectedVersion::any(), events),
                    [&, stream, id = events.front().id](const AppendResult& result) {
                        if (result) {
                            const std::scoped_lock lock(mutex);
                            answers.push_back({stream, id, result->first, result->versions.front()}
                            );
                        } else {
                            ++refused;
                        }
                        answered.count_down();
                    }
                );
            }
            answered.wait();
        }
    };
    {
        std::vector<std::jthread> running;
        for (std::size_t i = 0; i < threads; ++i) running.emplace_back(call, i);
    }
    CHECK(refused == 0);
    const auto events = all(store);
    REQUIRE(events.size() == callers * rounds);
    REQUIRE(answers.size() == events.size());
    std::map<StreamName, Version> versions;
    for (std::size_t i = 0; i < events.size(); ++i) {
        REQUIRE(events[i].position == i + 1);
        REQUIRE(events[i].version == ++versions[events[i].stream]);
    }
    for (const auto& answer : answers) {
        const auto& event = events.at(answer.position - 1);
        REQUIRE(event.id == answer.id);
        REQUIRE(event.stream == answer.stream);
        REQUIRE(event.version == answer.version);
    }
}

TEMPLATE_TEST_CASE(
    "of many writers at one version exactly one wins", "[append][threads]", VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    constexpr std::size_t writers = 16, rounds = 25;
    for (Version version = 0; version < rounds; ++version) {
        std::atomic<int> won = 0, lost = 0;
        Countdown answered(writers);
        {
            std::vector<std::jthread> running;
            for (std::size_t i = 0; i < writers; ++i) {
                running.emplace_back([&] {
                    store.append(
                        append_to(
                            acme, "offer-1", ExpectedVersion::exact(version), events_of("E", 1)
                        ),
                        [&](const AppendResult& result) {
                            ++(result ? won : lost);
                            answered.count_down();
                        }
                    );
                });
            }
            answered.wait();
        }
        REQUIRE(won == 1);
        REQUIRE(lost == writers - 1);
    }
    CHECK(store.stream_version(acme, StreamName("offer-1")) == rounds);
}

TEMPLATE_TEST_CASE("a stream is found again whatever its name", "[append]", VITRINE_ENGINES) {
    TestType engine;
    const std::string id = "0190c1f2-aaaa-7aaa-8aaa-0123456789ab";
    const std::vector<std::string> names = {
        "offer",
        "offer-",
        "offer-1",
        "offer-" + id,
        "product-" + id,
        "offer-0190C1F2-AAAA-7AAA-8AAA-0123456789AB",
        "offer-x-" + id,
        "-" + id,
        id,
    };
    for (const auto& name : names) {
        REQUIRE(append(engine.store(), name, ExpectedVersion::no_stream(), events_of("E", 1)));
    }
    engine.reopen();
    for (std::size_t i = 0; i < names.size(); ++i) {
        INFO(names[i]);
        auto& store = engine.store();
        REQUIRE(append(store, names[i], ExpectedVersion::exact(1), events_of("E", 1)));
        CHECK_FALSE(append(store, names[i], ExpectedVersion::no_stream(), events_of("E", 1)));
        const auto events =
            store.read_stream(acme, StreamName(names[i]), 1, 10, Direction::forwards);
        CHECK(positions_of(events) == std::vector<Position>{i + 1, names.size() + i + 1});
        for (const auto& event : events) CHECK(event.stream == StreamName(names[i]));
        CHECK(store.stream_version(acme, StreamName(names[i])) == 2);
        CHECK(store.stream_version(other_tenant, StreamName(names[i])) == 0);
    }
}

TEMPLATE_TEST_CASE(
    "one event alone is checked as any other, whatever the order of the ids",
    "[append][idempotence]",
    VITRINE_ENGINES
) {
    TestType engine;
    auto& store = engine.store();
    const std::string high = "f1111111-1111-4111-8111-111111111111";
    const std::string low = "01111111-1111-4111-8111-111111111111";
    const auto one = [](const std::string& stream, ExpectedVersion expected, std::string id) {
        auto write = append_to(acme, stream, expected, events_of("E", 1));
        write.streams.front().events.front().id = EventId(std::move(id));
        return write;
    };
    const auto kind_of = [&](const Append& write) { return append(store, write).error().kind; };
    const auto first = one("offer-1", ExpectedVersion::no_stream(), high);
    REQUIRE(append(store, first));
    REQUIRE(append(store, one("offer-2", ExpectedVersion::no_stream(), low)));
    REQUIRE(append(store, one("offer-2", ExpectedVersion::exact(1), "no UUID")));
    for (const auto& id : {high, low, std::string("no UUID")}) {
        CHECK(kind_of(one("offer-3", ExpectedVersion::no_stream(), id)) == Kind::event_id_reused);
        CHECK(kind_of(one("offer-9", ExpectedVersion::any(), id)) == Kind::event_id_reused);
    }
    CHECK(kind_of(one("offer-1", ExpectedVersion::no_stream(), fresh_id())) == Kind::conflict);
    CHECK(kind_of(one("offer-1", ExpectedVersion::exact(0), fresh_id())) == Kind::conflict);
    const auto again = append(store, first);
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->first == 1);
    CHECK(store.head() == 3);
    CHECK(append(store, "offer-3", ExpectedVersion::no_stream(), events_of("E", 1))->first == 4);
}
