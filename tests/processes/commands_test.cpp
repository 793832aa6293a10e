#include <iostream>
#include <nlohmann/json.hpp>

#include "processes/signal_id.hpp"
#include "tests/processes/world.hpp"
#include "tests/support/catch.hpp"

// Commands that feed a process, which answers them.

using namespace vitrine;
using namespace vitrine::processes;
using namespace vitrine::processes::spec;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

namespace {

using Types = std::vector<std::string>;

ToyEffects::Script always(Peer peer) {
    return [peer](const std::string&) { return peer; };
}

std::size_t count(const Types& types, const std::string& type) {
    return static_cast<std::size_t>(std::ranges::count(types, type));
}

std::optional<store::CommandRecord> row_of(World& world, const std::string& key) {
    return world.log.journal().find_by_key(TenantId("acme"), key);
}

/// Nobody can say what becomes of the effect.
constexpr int for_ever = 1'000'000;

}  // namespace

TEST_CASE("a command that feeds a process is answered by it, in one call", "[processes]") {
    World world;
    world.create("1");
    world.settle();
    const auto reply = world.ask("1", "d", "k");
    world.wait_for(reply);
    REQUIRE((*reply)->status == 200);
    const auto body = Json::parse((*reply)->body);
    CHECK(body.at("status") == "done");
    CHECK(body.at("coupon_id") == "1");
    const auto stream = world.stream("coupon-1");
    CHECK(body.at("version") == stream.size());
    CHECK(body.at("position") == stream.back().position);
    auto types = world.types("1");
    types.erase(types.begin(), types.begin() + 5);
    CHECK(
        types ==
        Types{
            "CouponDisabled",
            "ProcessAsked",
            "ProcessEffectIntended",
            "ProcessEffectEnded",
            "ProcessAnswered"
        }
    );
    const auto row = row_of(world, "k");
    CHECK(row->state == store::CommandState::done);
    CHECK(row->succeeded);
    CHECK(row->position == stream.back().position);
}

TEST_CASE("its row and what it asks for are one append, and its turn ends there", "[processes]") {
    World world(always(Peer::acts_in_silence));
    world.create("1");
    world.settle();
    world.effects->look_ups_fail = for_ever;
    const auto first = world.ask("1", "d", "k");
    while (!row_of(world, "k")) world.loop->run_one_for(1ms);
    CHECK(row_of(world, "k")->state == store::CommandState::accepted);
    CHECK(count(world.types("1"), "ProcessAsked") == 1);
    while (world.folded("1").under_way.empty()) world.loop->run_one_for(1ms);
    const auto second = world.ask("1", "now");
    while (!*second) world.loop->run_one_for(1ms);
    CHECK((*second)->status == 200);
    CHECK_FALSE(first->has_value());
    world.effects->look_ups_fail = 0;
    world.wait_for(first);
    CHECK((*first)->status == 200);
}

TEST_CASE(
    "what the process refuses is kept and replayed, what is refused before it leaves nothing",
    "[processes]"
) {
    World world(always(Peer::refuses));
    world.create("1");
    world.settle();
    const auto before = world.log.head();
    const auto not_even = world.ask("1", "anything", "a");
    world.wait_for(not_even);
    CHECK((*not_even)->status == 409);
    CHECK(world.log.head() == before);
    CHECK_FALSE(row_of(world, "a"));

    const auto declined = world.ask("1", "d", "b");
    world.wait_for(declined);
    CHECK((*declined)->status == 422);
    const auto body = Json::parse((*declined)->body);
    CHECK(body.at("type") == "/problems/clubify-refused");
    CHECK(body.at("code") == "refused");
    CHECK_FALSE(row_of(world, "b")->succeeded);
    const auto again = world.ask("1", "d", "b");
    world.wait_for(again);
    CHECK((*again)->replayed);
    CHECK((*again)->body == (*declined)->body);
}

TEST_CASE("a command that changes nothing is answered at once", "[processes]") {
    World world;
    world.create("1");
    world.settle();
    const auto reply = world.ask("1", "nothing", "k");
    world.wait_for(reply);
    CHECK((*reply)->status == 200);
    CHECK(count(world.types("1"), "ProcessAsked") == 0);
}

TEST_CASE(
    "at the deadline it is 202, then its key is 409, and in the end the answer, for ever",
    "[processes]"
) {
    World world(always(Peer::acts_in_silence));
    world.bus_options.deadline = 30ms;
    world.create("1");
    world.settle();
    world.effects->look_ups_fail = for_ever;
    const auto first = world.ask("1", "d", "k");
    while (!*first) world.loop->run_one_for(1ms);
    CHECK((*first)->status == 202);
    const auto id = (*first)->command_id.str();
    CHECK((*first)->location == "/v1/commands/" + id);
    CHECK(Json::parse((*first)->body).at("status") == "running");

    const auto meanwhile = world.ask("1", "d", "k");
    while (!*meanwhile) world.loop->run_one_for(1ms);
    CHECK((*meanwhile)->status == 409);
    CHECK((*meanwhile)->retry_after);
    CHECK((*meanwhile)->location == "/v1/commands/" + id);
    const auto other = world.ask("1", "now", "k");
    while (!*other) world.loop->run_one_for(1ms);
    CHECK((*other)->status == 422);

    world.effects->look_ups_fail = 0;
    world.settle();
    for (int i = 0; i < 2; ++i) {
        const auto after = world.ask("1", "d", "k");
        world.wait_for(after);
        CHECK((*after)->status == 200);
        CHECK((*after)->replayed);
        CHECK((*after)->command_id.str() == id);
    }
    CHECK(count(world.types("1"), "ProcessAsked") == 1);
    CHECK(world.most_acts() == 1);
}

TEST_CASE("who waits when the service ends is told that its command runs", "[processes]") {
    World world(always(Peer::acts_in_silence));
    world.create("1");
    world.settle();
    world.effects->look_ups_fail = for_ever;
    const auto reply = world.ask("1", "d", "k");
    while (world.folded("1").under_way.empty()) world.loop->run_one_for(1ms);
    world.bus->refuse_new();
    while (!*reply) world.loop->run_one_for(1ms);
    CHECK((*reply)->status == 202);
}

TEST_CASE(
    "wherever it is killed, a command that fed a process has one answer, and its effect happened "
    "once",
    "[processes][proof]"
) {
    const auto peer = GENERATE(
        Peer::acts, Peer::acts_in_silence, Peer::acts_and_fails, Peer::drops, Peer::refuses
    );
    /// As a client that sends it again with its key until it has an answer.
    const auto insist = [](World& world) {
        for (int i = 0; i < 50; ++i) {
            const auto reply = world.ask("1", "d", "k");
            world.wait_for(reply);
            if (*reply && (*reply)->status != 409 && (*reply)->status != 202) return **reply;
            world.run_for(1h);
        }
        throw std::runtime_error("no answer");
    };
    const auto script = [&] {
        return [peer, first = true](const std::string&) mutable {
            return std::exchange(first, false) ? peer : Peer::acts;
        };
    };
    const auto story = [&](World& world) {
        world.create("1", 1000h);
        world.settle();
        return insist(world);
    };
    World unharmed(script());
    const auto expected = story(unharmed);
    static int points = 0;
    points += unharmed.crash.points;
    if (peer == Peer::refuses)
        std::cout << "proof: a command that feeds a process, killed before and after every append "
                     "and call: "
                  << points << std::endl;
    for (int at = 0; at < unharmed.crash.points; ++at) {
        INFO("peer " << static_cast<int>(peer) << ", killed at " << at);
        World world(script());
        world.crash.at = at;
        const auto reply = story(world);
        CHECK(world.crashes == 1);
        CHECK(reply.status == expected.status);
        CHECK(world.most_acts() <= 1);
        CHECK(world.folded("1").asked.empty());
        CHECK(world.folded("1").under_way.empty());
        const auto types = world.types("1");
        CHECK(count(types, "ProcessAsked") == 1);
        CHECK(count(types, "ProcessAnswered") == 1);
        CHECK(row_of(world, "k")->state == store::CommandState::done);
        CHECK(world.log.journal().unfinished().empty());
        const auto again = insist(world);
        CHECK(again.replayed);
        CHECK(again.body == reply.body);
    }
}

TEST_CASE(
    "a node without the process waits for the answer, tells its clients the same, and does not "
    "take the command over",
    "[processes]"
) {
    World world(always(Peer::acts_in_silence));
    world.tells_bus = false;
    world.create("1");
    world.settle();
    auto other_options = world.bus_options;
    other_options.lease.owner = "other";
    commands::CommandBus other(
        {.loop = world.loop->get_executor(),
         .store = *world.crashing,
         .facts = *world.facts,
         .commands = toy_commands,
         .connectors = {},
         .tenant_context = {},
         .clock = [&world] { return world.now; },
         .new_id = world.new_id,
         .notify = [](const commands::Notice&) {}},
        other_options
    );
    world.effects->look_ups_fail = for_ever;
    const auto here = world.ask("1", "d", "k");
    while (world.folded("1").under_way.empty()) world.loop->run_one_for(1ms);
    const auto there = world.ask("1", "d", "k", &other);
    while (!*there) world.loop->run_one_for(1ms);
    CHECK((*there)->status == 409);
    std::optional<std::size_t> taken_up;
    asio::co_spawn(
        *world.loop,
        other.take_up_expired(),
        [&](const std::exception_ptr&, std::size_t many) { taken_up = many; }
    );
    while (!taken_up) world.loop->run_one_for(1ms);
    CHECK(taken_up == 0u);
    const auto beside = world.ask("1", "now", "k2", &other);
    while (!*beside) world.loop->run_one_for(1ms);
    CHECK((*beside)->status == 200);
    world.effects->look_ups_fail = 0;
    world.wait_for(here);
    CHECK((*here)->status == 200);
    const auto replayed = world.ask("1", "d", "k", &other);
    world.wait_for(replayed);
    CHECK((*replayed)->replayed);
    CHECK((*replayed)->body == (*here)->body);
}

TEST_CASE(
    "several commands are answered with one append; a program that has learned what to answer does "
    "so at its start",
    "[processes]"
) {
    World world;
    world.bus_options.deadline = 20ms;
    world.create("1");
    world.settle();
    Toy::answers = false;
    const auto first = world.ask("1", "now", "a");
    world.wait_for(first);
    const auto second = world.ask("1", "now", "b");
    world.wait_for(second);
    CHECK((*first)->status == 202);
    CHECK((*second)->status == 202);
    world.kill();
    Toy::answers = true;
    const auto before = world.log.head();
    world.settle();
    CHECK(world.log.head() == before + 2);
    CHECK(world.log.journal().unfinished().empty());
    CHECK(count(world.types("1"), "ProcessAnswered") == 2);
    CHECK(row_of(world, "a")->position == row_of(world, "b")->position);
}

TEST_CASE(
    "what a client has seen is not another version because the process notes something",
    "[processes]"
) {
    World world;
    world.create("1");
    world.settle();
    const auto ask_if = [&](Version version) {
        commands::CommandRequest request;
        request.principal = {TenantId("acme"), store::Role::operator_, "key:test"};
        request.name = "AskToy";
        request.method = "POST";
        request.path = "/v1/coupons/1/ask";
        request.entity_id = "1";
        request.body = R"({"what":"now"})";
        request.precondition.match = commands::NamedVersions{false, {version}};
        World::Reply reply = std::make_shared<std::optional<commands::CommandReply>>();
        asio::co_spawn(
            *world.loop,
            world.bus->handle(std::move(request)),
            [reply](const std::exception_ptr&, commands::CommandReply answered) {
                *reply = std::move(answered);
            }
        );
        world.wait_for(reply);
        return (*reply)->status;
    };
    REQUIRE(world.stream("coupon-1").size() == 5);  // one that was decided, four that were noted
    CHECK(ask_if(6) == 412);
    CHECK(ask_if(1) == 200);
    CHECK(ask_if(1) == 412);
    CHECK(ask_if(5) == 412);
    CHECK(ask_if(world.stream("coupon-1").size()) == 200);
}
