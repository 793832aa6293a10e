#include <iostream>

#include "processes/signal_id.hpp"
#include "tests/processes/world.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::processes;
using namespace vitrine::processes::spec;
using namespace std::chrono_literals;

namespace {

using Types = std::vector<std::string>;

ToyEffects::Script always(Peer peer) {
    return [peer](const std::string&) { return peer; };
}

/// These, one after another, and then it acts.
ToyEffects::Script in_turn(std::vector<Peer> peers) {
    return [peers = std::move(peers), next = std::size_t{0}](const std::string&) mutable {
        return next < peers.size() ? peers[next++] : Peer::acts;
    };
}

std::size_t count(const Types& types, const std::string& type) {
    return static_cast<std::size_t>(std::ranges::count(types, type));
}

}  // namespace

TEST_CASE(
    "a process is opened, its timers are set, and nothing else happens before they are due",
    "[processes]"
) {
    World world;
    world.create("1");
    world.settle();
    CHECK(
        world.types("1") ==
        Types{
            "CouponCreated", "ProcessOpened", "ProcessTimerSet", "ProcessTimerSet", "ProcessWaiting"
        }
    );
    world.run_for(59min);
    CHECK(world.types("1").size() == 5);
}

TEST_CASE(
    "when a timer falls due it fires, an intent stands before the call, and an outcome after it",
    "[processes]"
) {
    World world;
    world.create("1");
    world.run_for(2h);
    auto types = world.types("1");
    CHECK(count(types, "ProcessTimerFired") == 2);
    types.erase(types.begin(), types.begin() + 5);
    std::erase(types, "ProcessTimerFired");
    CHECK(
        types ==
        Types{
            "ProcessEffectIntended",
            "ProcessEffectEnded",
            "ProcessEffectIntended",
            "ProcessEffectEnded",
            "ProcessWaiting"
        }
    );
    CHECK(world.folded("1").waiting.state == events::process_state::done);
    CHECK(world.acted.size() == 2);
    CHECK(world.most_acts() == 1);
}

TEST_CASE(
    "what follows from a signal names its cause, the correlation and the process", "[processes]"
) {
    World world;
    world.create("1");
    world.run_for(2h);
    const auto stream = world.stream("coupon-1");
    const auto metadata = events::decode_metadata(stream[5].metadata);
    CHECK(metadata.causation_id == stream[2].id.str());  // the event that set the timer
    CHECK(metadata.correlation_id.str() == "c1");
    CHECK(metadata.actor == "process:toy");
    const auto first = [&](const std::string& type) {
        return *std::ranges::find(stream, type, &events::RecordedEvent::type);
    };
    CHECK(
        events::decode_metadata(first("ProcessEffectEnded").metadata).causation_id ==
        first("ProcessEffectIntended").id.str()
    );
}

TEST_CASE("every outcome is told to its process once", "[processes]") {
    struct Case {
        std::vector<Peer> peers;
        std::string outcome;
        int attempts;
        std::size_t acts;
    };
    const auto given = GENERATE(
        Case{{Peer::acts}, "done", 1, 2},
        Case{{Peer::acts_in_silence}, "done", 1, 2},
        Case{{Peer::acts_and_fails}, "done", 1, 2},
        Case{{Peer::drops}, "done", 1, 2},
        Case{{Peer::fails}, "done", 2, 2},
        Case{{Peer::is_away, Peer::is_away}, "done", 3, 2},
        Case{{Peer::refuses}, "refused", 1, 1},
        Case{{Peer::is_away, Peer::is_away, Peer::is_away}, "not_done", 3, 1}
    );
    World world(in_turn(given.peers));
    world.create("1");
    world.run_for(24h);
    const auto ended = world.ended("1");
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].outcome == given.outcome);
    CHECK(ended[0].attempts == given.attempts);
    CHECK(ended[0].detail.empty() == (given.outcome == "done"));
    CHECK(ended[1].outcome == "done");
    CHECK(world.acted.size() == given.acts);
    CHECK(world.most_acts() == 1);
}

TEST_CASE("what nobody can tell the outcome of is asked about until somebody can", "[processes]") {
    World world(in_turn({Peer::acts_in_silence}));
    world.create("1");
    world.settle();
    world.effects->look_ups_fail = 7;
    world.run_for(2h);
    CHECK(world.ended("1").size() == 2);
    CHECK(world.most_acts() == 1);
}

TEST_CASE(
    "wherever it is killed, the process ends in the same state and each effect has happened once",
    "[processes][proof]"
) {
    const auto peer = GENERATE(
        Peer::acts,
        Peer::acts_in_silence,
        Peer::acts_and_fails,
        Peer::fails,
        Peer::drops,
        Peer::refuses
    );
    const auto lag = GENERATE(0, 2);
    const auto story = [&](World& world) {
        world.lag = lag;
        world.create("1");
        world.settle();
        world.fact("1");
        world.run_for(24h);
    };
    World unharmed(in_turn({peer, peer}));
    story(unharmed);
    REQUIRE(unharmed.crashes == 0);
    static int points = 0;
    points += unharmed.crash.points;
    if (peer == Peer::refuses && lag == 2)
        std::cout << "proof: the runner killed before and after every append and call: " << points
                  << std::endl;
    for (int at = 0; at < unharmed.crash.points; ++at) {
        INFO("peer " << static_cast<int>(peer) << ", killed at " << at);
        World world(in_turn({peer, peer}));
        world.crash.at = at;
        story(world);
        CHECK(world.crashes == 1);
        CHECK(world.most_acts() <= 1);
        const auto folded = world.folded("1");
        CHECK(folded.under_way.empty());
        // The key of "c" is the fact's id, which is another in each world.
        CHECK(folded.ended.size() == unharmed.folded("1").ended.size());
        CHECK(folded.waiting.state == events::process_state::done);
        const auto types = world.types("1");
        CHECK(count(types, "ProcessEffectIntended") == count(types, "ProcessEffectEnded"));
        CHECK(count(types, "ProcessTimerFired") == 2);
        CHECK(count(types, "ProcessOpened") == 1);
        CHECK(count(types, "CouponDisabled") == 1);  // the fact was taken once
    }
}

TEST_CASE("a log that is read anew from its beginning changes nothing", "[processes]") {
    World world;
    world.create("1");
    world.fact("1");
    world.run_for(2h);
    const auto before = world.log.head();
    world.kill();
    world.run_for(2h);
    CHECK(world.log.head() == before);
    CHECK(world.effects->sends == 0);
}

TEST_CASE("a fact that came before its process waits for it, also over a restart", "[processes]") {
    const auto file = std::filesystem::temp_directory_path() / "vitrine-early.checkpoint";
    std::filesystem::remove(file);
    World world;
    world.checkpoint = file;
    world.fact("1");
    world.settle();
    CHECK(world.runner->figures().early == 1);
    world.kill();
    world.settle();
    CHECK(world.runner->figures().early == 1);
    world.create("1");
    world.settle();
    CHECK(world.runner->figures().early == 0);
    CHECK(count(world.types("1"), "CouponDisabled") == 1);
    CHECK(world.acted.size() == 1);
    std::filesystem::remove(file);
}

TEST_CASE(
    "a fact whose process does not come in time is noted with the reason, once", "[processes]"
) {
    World world;
    world.fact("1");
    world.run_for(8 * 24h);
    const auto noted = world.stream("process-toy-1");
    REQUIRE(noted.size() == 1);
    CHECK(noted.front().type == "ProcessSignalIgnored");
    world.kill();
    world.run_for(8 * 24h);
    CHECK(world.stream("process-toy-1").size() == 1);
}

TEST_CASE("too many early facts: the oldest are given up, and noted", "[processes]") {
    World world;
    world.options.early_limit = 2;
    for (const auto* id : {"1", "2", "3"}) world.fact(id);
    world.run_for(1s);
    CHECK(world.runner->figures().early == 2);
    CHECK(world.stream("process-toy-1").size() == 1);
}

TEST_CASE("a signal that does not fit is kept as ignored with the reason", "[processes]") {
    World world;
    world.create("1");
    world.change("1", "cancelled");
    world.fact("1");
    world.settle();
    const auto stream = world.stream("coupon-1");
    const auto found =
        std::ranges::find(stream, "ProcessSignalIgnored", &events::RecordedEvent::type);
    REQUIRE(found != stream.end());
    CHECK(found->data.find("It is cancelled.") != std::string::npos);
    CHECK(found->data.find("fact:") != std::string::npos);
}

TEST_CASE(
    "a timer follows what is wanted: moved, cancelled, and not fired for the old time",
    "[processes]"
) {
    World world;
    world.create("1");
    world.settle();
    world.change("1", "later:7200");
    world.run_for(2h);
    CHECK(count(world.types("1"), "ProcessTimerFired") == 0);
    world.run_for(2h);
    CHECK(count(world.types("1"), "ProcessTimerFired") == 2);

    world.create("2");
    world.settle();
    world.change("2", "cancelled");
    world.run_for(24h);
    CHECK(count(world.types("2"), "ProcessTimerFired") == 0);
    CHECK(count(world.types("2"), "ProcessTimerCancelled") == 2);
}

TEST_CASE("an effect that waits for another try ends when it is wanted no more", "[processes]") {
    World world(always(Peer::is_away));
    world.create("1");
    world.settle();
    while (world.runner->figures().pausing == 0) world.run_for(10min);
    world.change("1", "cancelled");
    world.settle();
    const auto ended = world.ended("1");
    REQUIRE(ended.size() == 1);
    CHECK(ended.front().outcome == "not_done");
    CHECK(ended.front().problem == "wanted-no-more");
    CHECK(world.acted.empty());
}

TEST_CASE(
    "timers that fell due while nothing ran fire at the start, in order of time", "[processes]"
) {
    World world;
    for (int i = 0; i < 5; ++i) world.create(std::to_string(i), std::chrono::hours(5 - i));
    world.settle();
    world.kill();
    world.now += 24h;
    world.settle();
    std::vector<std::string> order;
    for (const auto& event : world.log.read_all(1, {}, 10'000, store::Direction::forwards))
        if (event.type == "ProcessTimerFired" && event.data.find("t1") != std::string::npos)
            order.push_back(event.stream.str());
    CHECK(order == Types{"coupon-4", "coupon-3", "coupon-2", "coupon-1", "coupon-0"});
}

TEST_CASE("a clock that steps back fires nothing twice and nothing early", "[processes]") {
    World world;
    world.create("1");
    world.run_for(2h);
    const auto before = world.log.head();
    world.now -= 24h;
    world.settle();
    world.create("2");
    world.settle();
    CHECK(world.log.head() == before + 5);
    world.run_for(2h);
    CHECK(count(world.types("1"), "ProcessTimerFired") == 2);
    CHECK(count(world.types("2"), "ProcessTimerFired") == 2);
}

TEST_CASE(
    "hundreds of timers of one instant all fire, and more effects than may be under way at once "
    "happen",
    "[processes]"
) {
    World world;
    world.options.effects = 4;
    world.options.reactions = 8;
    world.lag = GENERATE(0, 50);
    for (int i = 0; i < 700; ++i) world.create(std::to_string(i));
    world.run_for(2h);
    CHECK(world.acted.size() == 1400);
    CHECK(world.most_acts() == 1);
}

TEST_CASE(
    "another writer of the stream is met as a conflict: the process reacts again", "[processes]"
) {
    World world;
    world.create("1");
    world.start();
    int times = 3;
    world.crashing->after_load = [&] {
        if (times-- > 0) world.change("1", "nothing");
    };
    world.settle();
    CHECK(count(world.types("1"), "ProcessOpened") == 1);
    CHECK(world.folded("1").timers.size() == 2);
}

TEST_CASE(
    "a stream that changes again and again stands still, is told, and goes on when something "
    "happens in it",
    "[processes]"
) {
    World world;
    world.create("1");
    world.start();
    bool busy = true;
    world.crashing->after_load = [&] {
        if (busy && world.stream("coupon-1").size() < 60) world.change("1", "nothing");
    };
    world.options.most_tries = 3;
    world.kill();
    world.start();
    world.crashing->after_load = [&] {
        if (busy && world.stream("coupon-1").size() < 60) world.change("1", "nothing");
        if (!world.notices.empty()) busy = false;
    };
    world.settle();
    REQUIRE_FALSE(world.notices.empty());
    CHECK(world.notices.front().level == Notice::Level::warning);
    CHECK(world.folded("1").timers.size() == 2);
    CHECK(world.runner->figures().stuck == 0);
}

TEST_CASE("a store that takes no append is waited for, and told of once", "[processes]") {
    World world;
    world.create("1");
    world.start();
    world.crashing->fail_appends = 5;
    world.settle();
    CHECK(world.folded("1").timers.size() == 2);
    CHECK(world.notices.size() == 2);
}

TEST_CASE("an event that cannot be read holds up its process alone", "[processes]") {
    World world;
    world.append("coupon-1", {"CouponCreated", 1, R"({"coupon_id":7})"});
    world.create("2");
    world.run_for(2h);
    CHECK(world.folded("2").waiting.state == events::process_state::done);
    CHECK(world.runner->figures().stuck == 1);
    REQUIRE(world.notices.size() == 1);
    CHECK(world.notices.front().process.id == "1");
}
