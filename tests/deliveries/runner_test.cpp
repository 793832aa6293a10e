#include "deliveries/runner.hpp"

#include <random>

#include "deliveries/webhooks/endpoint_receiver.hpp"
#include "tests/deliveries/toy.hpp"
#include "tests/store/far_store.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::tests;
using namespace vitrine::deliveries;

namespace {

struct House {
    House() { carrier.open(folder.path()); }

    Clock clock = [] { return noon; };
    store::MemoryEventStore log{clock};
    Folder folder;
    Carrier carrier{log};
    Runner& runner = *carrier.runner;
};

std::vector<Position> up_to(Position last) {
    std::vector<Position> all;
    for (Position position = 1; position <= last; ++position) all.push_back(position);
    return all;
}

}  // namespace

TEST_CASE("what is in the log and what comes later is sent once each, under the event's id") {
    House house;
    add(house.log, "a");
    house.runner.set(house.carrier.toy("one", takes));
    house.runner.start();
    house.carrier.settle();
    add(house.log, "b");
    add(house.log, "a");
    house.carrier.settle();
    const auto& memory = house.carrier.memory("one");
    CHECK(memory.taken_in_any_order() == up_to(3));
    for (const auto& sending : memory.sendings)
        CHECK(sending.message.id == EventId("event-" + std::to_string(sending.position)));
    const auto status = house.carrier.status("one");
    CHECK(status.position == 3);
    CHECK(status.lag == 0);
    CHECK(status.pending == 0);
    CHECK_FALSE(status.oldest);
}

TEST_CASE("a receiver gets its own tenant's events, those it wants, after its start") {
    House house;
    add(house.log, "a");
    add(house.log, "b", "other");
    add(house.log, "c");
    auto toy = house.carrier.toy("one", takes);
    toy->begins_after = 1;
    house.runner.set(toy);
    house.runner.start();
    add(house.log, "d", "other");
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{3});
    CHECK(house.carrier.status("one").lag == 0);
}

TEST_CASE("a key that fails holds itself up, and no other") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending& sending) {
        return sending.position == 1 && sending.attempt == 1 ? fails(sending) : takes(sending);
    }));
    house.runner.start();
    add(house.log, "a");
    add(house.log, "a");
    add(house.log, "b");
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{3});
    auto status = house.carrier.status("one");
    CHECK(status.position == 0);
    CHECK(status.lag == 3);
    CHECK(status.pending == 2);
    CHECK(status.oldest == noon);
    house.carrier.advance(5s);
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{3, 1, 2});
    CHECK(house.carrier.status("one").lag == 0);
}

TEST_CASE("after its schedule an event is a dead letter, and its key goes on") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending& sending) {
        return sending.position == 1 ? fails(sending) : takes(sending);
    }));
    house.runner.start();
    add(house.log, "a");
    add(house.log, "a");
    house.carrier.advance(305s);
    const auto& memory = house.carrier.memory("one");
    CHECK(memory.attempts(1) == 3);
    CHECK(memory.taken() == std::vector<Position>{2});
    CHECK(house.carrier.status("one").dead == 1);
    CHECK(house.carrier.status("one").lag == 0);
    const auto dead = house.runner.list(house.carrier.name("one"), State::dead, {}, 10);
    REQUIRE(dead.items.size() == 1);
    CHECK(dead.items[0].event_id == EventId("event-1"));
    CHECK(dead.items[0].attempts == 3);
    CHECK(dead.items[0].outcome == Answer::Outcome::again);
    CHECK(dead.items[0].detail == Phrase("answered 503", "respondeu 503"));
    const auto taken = house.runner.list(house.carrier.name("one"), State::taken, {}, 10);
    REQUIRE(taken.items.size() == 1);
    CHECK(taken.items[0].position == 2);
}

TEST_CASE(
    "who is away for a day gets everything once it is back, whatever chance makes of the pauses"
) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        House house;
        house.carrier.stop();
        Options options;
        // Chance is at its worst in every fourth history.
        options.random = [&random, seed] {
            return seed % 4 == 0 ? 0.0 : static_cast<double>(random() % 1000) / 1000;
        };
        house.carrier.open(house.folder.path(), options);
        const auto leaves = noon + std::chrono::minutes(random() % 600);
        const auto reply = [leaves](const Sending& sending) {
            const bool is_away = sending.at >= leaves && sending.at < leaves + 24h;
            return is_away ? Answer::unknown({"it timed out", "o prazo acabou"}) : takes(sending);
        };
        auto& runner = *house.carrier.runner;
        runner.set(house.carrier.toy("one", reply, webhook_schedule()));
        runner.start();
        for (int i = 0; i < 60; ++i) {
            add(house.log, std::to_string(random() % 7));
            house.carrier.advance(std::chrono::minutes(random() % 60));
        }
        house.carrier.advance(24h * 4);
        const auto& memory = house.carrier.memory("one");
        CHECK(memory.taken_in_any_order() == up_to(60));
        CHECK(memory.keeps_order());
        CHECK(house.carrier.status("one").dead == 0);
        CHECK(memory.sendings.size() > 60);
    }
}

TEST_CASE("attempts go on to be counted after a restart, and so does the schedule") {
    House house;
    const auto begin = [&house] {
        house.carrier.open(house.folder.path());
        house.carrier.runner->set(house.carrier.toy("one", fails));
        house.carrier.runner->start();
    };
    house.carrier.stop();
    begin();
    add(house.log, "a");
    house.carrier.settle();
    house.carrier.stop();
    begin();
    house.carrier.advance(5s);
    house.carrier.stop();
    begin();
    const auto pending = [&house] {
        return house.carrier.runner->list(house.carrier.name("one"), State::pending, {}, 10).items;
    };
    REQUIRE(pending().size() == 1);
    CHECK(pending()[0].attempts == 2);
    house.carrier.advance(300s);
    const auto& sendings = house.carrier.memory("one").sendings;
    REQUIRE(sendings.size() == 3);
    for (int i = 0; i < 3; ++i) CHECK(sendings[static_cast<std::size_t>(i)].attempt == i + 1);
    CHECK(house.carrier.status("one").dead == 1);
}

TEST_CASE("what is refused is a dead letter at once") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending&) {
        return Answer::refused({"answered 400", "respondeu 400"});
    }));
    house.runner.start();
    add(house.log, "a");
    house.carrier.settle();
    CHECK(house.carrier.memory("one").sendings.size() == 1);
    CHECK(house.carrier.status("one").dead == 1);
}

TEST_CASE("no attempt is earlier than the receiver asked for") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending& sending) {
        return sending.attempt == 1 ? Answer::again({"later", "depois"}, 60s) : Answer::taken();
    }));
    house.runner.start();
    add(house.log, "a");
    house.carrier.advance(59s);
    CHECK(house.carrier.memory("one").sendings.size() == 1);
    house.carrier.advance(1s);
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{1});
}

TEST_CASE("a receiver that is gone is told of and sent nothing more until it is changed") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending&) {
        return Answer::gone({"answered 410", "respondeu 410"});
    }));
    house.runner.start();
    add(house.log, "a");
    house.carrier.settle();
    add(house.log, "b");
    house.carrier.advance(24h);
    CHECK(house.carrier.memory("one").sendings.size() == 1);
    CHECK(house.carrier.gone == std::vector<ReceiverName>{house.carrier.name("one")});
    CHECK_FALSE(house.carrier.status("one").enabled);
    house.runner.set(house.carrier.toy("one", takes));
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken_in_any_order() == up_to(2));
}

TEST_CASE("a receiver that is paused or disabled is sent what came meanwhile afterwards") {
    House house;
    house.runner.set(house.carrier.toy("one", takes));
    auto disabled = house.carrier.toy("two", takes);
    disabled->is_enabled = false;
    house.runner.set(disabled);
    house.runner.start();
    house.carrier.settle();
    REQUIRE(house.carrier.run(house.runner.pause(house.carrier.name("one"), true)));
    add(house.log, "a");
    house.carrier.settle();
    CHECK(house.carrier.memory("one").sendings.empty());
    CHECK(house.carrier.memory("two").sendings.empty());
    CHECK(house.carrier.status("one").paused);
    CHECK(house.carrier.status("one").lag == 1);
    CHECK(house.carrier.status("one").oldest == noon);
    REQUIRE(house.carrier.run(house.runner.pause(house.carrier.name("one"), false)));
    house.runner.set(house.carrier.toy("two", takes));
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == up_to(1));
    CHECK(house.carrier.memory("two").taken() == up_to(1));
}

TEST_CASE("a dead letter is sent again when it is told to, and begins its schedule anew") {
    House house;
    bool well = false;
    house.runner.set(house.carrier.toy("one", [&well](const Sending& sending) {
        return well ? takes(sending) : fails(sending);
    }));
    house.runner.start();
    add(house.log, "a");
    add(house.log, "b");
    house.carrier.advance(305s);
    REQUIRE(house.carrier.status("one").dead == 2);
    well = true;
    CHECK(
        house.carrier.run(house.runner.retry(house.carrier.name("one"), EventId("event-2"))) ==
        Retried{.count = 1, .dead = 1}
    );
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{2});
    CHECK(house.carrier.memory("one").sendings.back().attempt == 1);
    CHECK(house.carrier.status("one").dead == 1);
    CHECK(
        house.carrier.run(house.runner.retry(house.carrier.name("one"), {})) == Retried{.count = 1}
    );
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{2, 1});
    CHECK(house.carrier.status("one").dead == 0);
}

TEST_CASE("of more dead letters than there is room for it is told how many stay") {
    House house;
    house.carrier.stop();
    bool well = false;
    const auto reply = [&well](const Sending& sending) {
        return well ? takes(sending) : Answer::refused({"answered 400", "respondeu 400"});
    };
    const auto begin = [&] {
        Options options;
        options.limits.held = 10;
        house.carrier.open(house.folder.path(), options);
        house.carrier.runner->set(house.carrier.toy("one", reply));
        house.carrier.runner->start();
        house.carrier.settle();
    };
    begin();
    for (int i = 0; i < 25; ++i) add(house.log, std::to_string(i));
    house.carrier.settle();
    REQUIRE(house.carrier.status("one").dead == 25);
    well = true;
    for (const auto& [count, dead] : std::vector<std::pair<int, int>>{{10, 15}, {10, 5}, {5, 0}}) {
        const auto done =
            house.carrier.run(house.carrier.runner->retry(house.carrier.name("one"), {}));
        REQUIRE(done);
        CHECK(done->count == static_cast<std::uint64_t>(count));
        CHECK(done->dead == static_cast<std::uint64_t>(dead));
        house.carrier.settle();
    }
    CHECK(house.carrier.memory("one").taken_in_any_order() == up_to(25));
}

TEST_CASE("one that waits is tried at once when it is told to") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending& sending) {
        return sending.attempt == 1 ? Answer::again({"later", "depois"}, 3600s) : Answer::taken();
    }));
    house.runner.start();
    add(house.log, "a");
    house.carrier.settle();
    CHECK(
        house.carrier.run(house.runner.retry(house.carrier.name("one"), EventId("event-1"))) ==
        Retried{.count = 1}
    );
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == up_to(1));
}

TEST_CASE("what is dismissed is sent no more, and its key goes on") {
    House house;
    house.runner.set(house.carrier.toy("one", [](const Sending& sending) {
        return sending.position <= 2 ? fails(sending) : takes(sending);
    }));
    house.runner.start();
    add(house.log, "a");
    add(house.log, "b");
    add(house.log, "b");
    house.carrier.settle();
    const auto name = house.carrier.name("one");
    CHECK(house.carrier.run(house.runner.dismiss(name, EventId("event-2"))) == 1);
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{3});
    house.carrier.advance(305s);
    REQUIRE(house.carrier.status("one").dead == 1);
    CHECK(house.carrier.run(house.runner.dismiss(name, EventId("event-1"))) == 1);
    CHECK(house.carrier.status("one").dead == 0);
    CHECK(house.runner.list(name, State::dead, {}, 10).items.empty());
    const auto none = house.carrier.run(house.runner.dismiss(name, EventId("event-1")));
    REQUIRE_FALSE(none);
    CHECK(none.error().problem == "not-found");
}

TEST_CASE("a replay sends a range anew, byte for byte, before what is new") {
    House house;
    house.runner.set(house.carrier.toy("one", takes));
    house.runner.start();
    for (int i = 0; i < 5; ++i) add(house.log, "a");
    house.carrier.settle();
    const auto first = house.carrier.memory("one").sendings;
    const auto replay = house.carrier.run(house.runner.replay(house.carrier.name("one"), 2, 4));
    REQUIRE(replay);
    CHECK(replay->last == 4);
    add(house.log, "a");
    house.carrier.settle();
    const auto& all = house.carrier.memory("one").sendings;
    CHECK(house.carrier.memory("one").taken() == std::vector<Position>{1, 2, 3, 4, 5, 2, 3, 4, 6});
    for (std::size_t i = 0; i < 3; ++i) CHECK(all[5 + i].message == first[1 + i].message);
    CHECK(house.carrier.status("one").lag == 0);
    CHECK(house.carrier.status("one").replays.empty());
    CHECK_FALSE(house.carrier.run(house.runner.replay(house.carrier.name("one"), 4, 2)));
    CHECK_FALSE(house.carrier.run(house.runner.replay(house.carrier.name("none"), 1, 2)));
}

TEST_CASE("a replay goes on after a restart, and one waits for another") {
    House house;
    bool well = true;
    const auto reply = [&well](const Sending& sending) {
        return well ? takes(sending) : fails(sending);
    };
    house.runner.set(house.carrier.toy("one", reply));
    house.runner.start();
    for (int i = 0; i < 4; ++i) add(house.log, std::string(1, static_cast<char>('a' + i)));
    house.carrier.settle();
    REQUIRE(house.carrier.run(house.runner.pause(house.carrier.name("one"), true)));
    REQUIRE(house.carrier.run(house.runner.replay(house.carrier.name("one"), 1, 2)));
    REQUIRE(house.carrier.run(house.runner.replay(house.carrier.name("one"), 3, {})));
    CHECK(house.carrier.status("one").replays.size() == 2);
    house.carrier.stop();
    house.carrier.open(house.folder.path());
    auto& runner = *house.carrier.runner;
    runner.set(house.carrier.toy("one", reply));
    runner.start();
    house.carrier.settle();
    CHECK(house.carrier.memory("one").sendings.size() == 4);
    REQUIRE(house.carrier.run(runner.pause(house.carrier.name("one"), false)));
    house.carrier.settle();
    CHECK(
        house.carrier.memory("one").taken_in_any_order() ==
        std::vector<Position>{1, 1, 2, 2, 3, 3, 4, 4}
    );
}

TEST_CASE("what was kept counts after a restart; without the file all is sent again") {
    House house;
    house.runner.set(house.carrier.toy("one", takes));
    house.runner.start();
    add(house.log, "a");
    add(house.log, "b");
    house.carrier.settle();
    const auto restart = [&house] {
        house.carrier.stop();
        house.carrier.open(house.folder.path());
        house.carrier.runner->set(house.carrier.toy("one", takes));
        house.carrier.runner->start();
        house.carrier.settle();
    };
    restart();
    CHECK(house.carrier.memory("one").taken_in_any_order() == up_to(2));
    house.carrier.stop();
    std::filesystem::remove(house.folder.path() / "deliveries.db");
    restart();
    CHECK(house.carrier.memory("one").taken_in_any_order() == std::vector<Position>{1, 1, 2, 2});
}

TEST_CASE("receivers come and go while it runs; one that was removed begins anew") {
    House house;
    house.runner.start();
    add(house.log, "a");
    house.runner.set(house.carrier.toy("one", takes));
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == up_to(1));
    house.runner.remove(house.carrier.name("one"));
    add(house.log, "b");
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken() == up_to(1));
    CHECK(house.runner.status(TenantId("acme")).empty());
    house.runner.set(house.carrier.toy("one", takes));
    house.carrier.settle();
    CHECK(house.carrier.memory("one").taken_in_any_order() == std::vector<Position>{1, 1, 2});
}

TEST_CASE("attempts are bounded for each receiver and in all, and of a key there is one") {
    House house;
    house.carrier.stop();
    Options options;
    options.in_flight = 6;
    house.carrier.open(house.folder.path(), options);
    auto& runner = *house.carrier.runner;
    auto one = house.carrier.toy("one", takes);
    one->most = 4;
    runner.set(one);
    runner.set(house.carrier.toy("two", takes));
    for (int i = 0; i < 300; ++i) add(house.log, std::to_string(i % 50));
    runner.start();
    house.carrier.settle();
    auto& first = house.carrier.memory("one");
    auto& second = house.carrier.memory("two");
    CHECK(first.taken().size() == 300);
    CHECK(second.taken().size() == 300);
    CHECK(first.most_at_once <= 4);
    CHECK(second.most_at_once <= 6);
    CHECK(first.most_at_once > 1);
    CHECK_FALSE(first.overlapped);
    CHECK_FALSE(second.overlapped);
    CHECK(first.keeps_order());
    CHECK(second.keeps_order());
}

TEST_CASE("a dead receiver holds few events, and the others do not notice it") {
    House house;
    house.carrier.stop();
    Options options;
    options.limits.held = 100;
    house.carrier.open(house.folder.path(), options);
    auto& runner = *house.carrier.runner;
    runner.set(house.carrier.toy("dead", fails, {0s, 5s, 300s, 24h}));
    for (int i = 0; i < 50; ++i) runner.set(house.carrier.toy("good-" + std::to_string(i), takes));
    runner.start();
    for (int i = 0; i < 400; ++i) add(house.log, std::to_string(i));
    house.carrier.settle();
    for (int i = 0; i < 50; ++i) {
        auto& memory = house.carrier.memory("good-" + std::to_string(i));
        CHECK(memory.taken_in_any_order() == up_to(400));
        CHECK(house.carrier.status("good-" + std::to_string(i)).lag == 0);
    }
    CHECK(house.carrier.status("dead").pending <= 100);
    CHECK(house.carrier.status("dead").lag == 400);
    runner.set(house.carrier.toy("dead", takes));
    house.carrier.advance(24h);
    CHECK(house.carrier.memory("dead").taken().size() == 400);
    CHECK(house.carrier.status("dead").lag == 0);
}

TEST_CASE("who has taken nothing yet gets a few attempts only, so that others have room") {
    House house;
    house.carrier.stop();
    Options options;
    options.in_flight = 16;
    house.carrier.open(house.folder.path(), options);
    auto& runner = *house.carrier.runner;
    auto hanging = house.carrier.toy("hanging", takes);
    hanging->hangs = true;
    runner.set(hanging);
    for (int i = 0; i < 50; ++i) add(house.log, std::to_string(i));
    runner.start();
    house.carrier.run_until([&] { return house.carrier.memory("hanging").at_once > 4; });
    runner.set(house.carrier.toy("good", takes));
    house.carrier.run_until([&] { return house.carrier.memory("good").taken().size() == 50; });
    CHECK(house.carrier.memory("hanging").most_at_once <= 8);
}

TEST_CASE("a log that is far away holds up nobody's loop") {
    House house;
    house.carrier.stop();
    store::testing::FarStore far(house.log);
    for (int i = 0; i < 30; ++i) add(house.log, std::to_string(i % 4));
    Carrier carrier(far);
    Options options;
    options.limits = {.fresh = 4, .fresh_bytes = 10'000, .held = 8};  // it reads page by page
    carrier.open(house.folder.path(), options);
    std::map<Position, int> failures{{3, 1}, {7, 1}};
    carrier.runner->set(carrier.toy(
        "one",
        [&failures](const Sending& sending) {
            return failures[sending.position]-- > 0 ? fails(sending) : takes(sending);
        },
        {0s, 0s, 0s}
    ));
    {
        const store::testing::Serving serving;  // a read that blocked it would throw
        carrier.runner->start();
        const auto& memory = carrier.memory("one");
        carrier.run_until([&] { return memory.taken().size() >= 30; });
        add(house.log, "0");
        carrier.run_until([&] { return memory.taken().size() >= 31; });
        CHECK(memory.taken_in_any_order() == up_to(31));
        CHECK(memory.keeps_order());
        const auto replay = carrier.run(carrier.runner->replay(carrier.name("one"), 1, 10));
        REQUIRE(replay);
        carrier.run_until([&] { return memory.taken().size() >= 41; });
    }
    CHECK(carrier.faults.empty());
}
