// Commands on a log that takes 5 ms for each read: whatever happens while one is on its way, what
// is promised of turns, keys, versions, claims and leases holds.
#include <random>
#include <set>

#include "tests/commands/nodes.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using spec::Node;
using store::testing::acme;

namespace {

using Nodes = spec::TwoNodes<store::testing::Far<store::testing::MemoryEngine>>;
using Lines = std::vector<std::string>;

/// As a writer that asks nobody.
void write_beside(Nodes& nodes, const std::string& id) {
    auto event = store::testing::event_of("Noted", R"({"text":"other"})");
    REQUIRE(store::testing::append(
        nodes.engine.store(), "note-" + id, store::ExpectedVersion::any(), {std::move(event)}
    ));
}

/// Calls `act` while the nth read from now on is on its way.
void at_nth_read(Node& node, int nth, std::function<void()> act) {
    node.at_read([nth, act = std::move(act), count = 0](int) mutable {
        if (++count == nth) act();
    });
}

bool is_in_flight(const CommandReply& reply) {
    return reply.status == 409 && reply.body.find("in-flight") != std::string::npos;
}

bool is_ready(const std::future<CommandReply>& reply) {
    return reply.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

std::string key_of(int number) {
    return "key-" + std::to_string(number);
}

}  // namespace

TEST_CASE(
    "whoever writes between two reads of a command, it is decided of what it finds", "[far]"
) {
    const std::string name = GENERATE("AddToNote", "SendNote");
    for (int nth = 1, is_over = 0; is_over == 0; ++nth) {
        CAPTURE(name, nth);
        Nodes nodes;
        const auto id = nodes.begin_note();
        bool came = false;
        at_nth_read(nodes.a, nth, [&] {
            came = true;
            write_beside(nodes, id);
        });
        CHECK(nodes.handle(nodes.a, nodes.request(name, id, "line")).status == 200);
        const auto lines = nodes.lines(id);
        REQUIRE(lines.size() == (came ? 3U : 2U));
        for (std::size_t i = 1; i < lines.size(); ++i)
            CHECK((lines[i] == "other" || lines[i] == "line after " + std::to_string(i)));
        CHECK(nodes.world["line"] == (name == "SendNote" ? 1 : 0));
        is_over = came ? 0 : nth;
        CHECK((came || nth > 2));
    }
}

TEST_CASE("a node that dies between two reads has done nothing, and another does it", "[far]") {
    for (int nth = 1, is_over = 0; is_over == 0; ++nth) {
        CAPTURE(nth);
        Nodes nodes;
        const auto id = nodes.begin_note();
        bool is_dead = false;
        at_nth_read(nodes.a, nth, [&] { is_dead = true; });
        auto sending = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one", "key")));
        nodes.run_until([&] {
            if (is_ready(sending)) is_over = nth;
            return is_dead || is_over != 0;
        });
        nodes.a.die();
        CHECK((nodes.world["one"] == 1) == (is_over != 0));
        CHECK(nodes.handle(nodes.b, nodes.send(id, "one", "key")).status == 200);
        CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
        CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
    }
}

TEST_CASE("whoever dies while it takes a command up leaves it to the next", "[far]") {
    const int nth = GENERATE(1, 2);
    Nodes nodes;
    const auto id = nodes.begin_note();
    nodes.a.gateway.stays = spec::ToyGateway::Stays::after_the_effect;
    const auto lost = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one", "key")));
    nodes.run_until([&] { return nodes.world["one"] == 1; });
    nodes.a.die();
    nodes.pass(30);

    Node c("c", nodes.engine.store(), nodes.world, nodes.engine.clock);
    bool is_dead = false;
    at_nth_read(c, nth, [&] { is_dead = true; });
    const auto taking = c.begin(c.bus->take_up_expired());
    while (!is_dead) {
        c.work();
        std::this_thread::yield();
    }
    c.die();
    nodes.pass(30);  // it may have had the lease by then
    CHECK(nodes.b.take_up_expired() == 1);
    nodes.run_until_idle(nodes.b);
    CHECK(nodes.b.gateway.sends.empty());  // it has asked what became of it
    CHECK(nodes.handle(nodes.b, nodes.send(id, "one", "key")).replayed);
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
    CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
    CHECK(nodes.unfinished().empty());
}

TEST_CASE("one key asked for many times at once is one command and one answer", "[far]") {
    Nodes nodes;
    const auto id = nodes.begin_note();
    const auto ask_all = [&] {
        std::vector<std::future<CommandReply>> asked;
        for (int i = 0; i < 5; ++i) {
            for (auto* node : {&nodes.a, &nodes.b})
                asked.push_back(node->begin(node->bus->handle(nodes.send(id, "one", "key"))));
        }
        std::vector<CommandReply> replies;
        for (auto& reply : asked) replies.push_back(nodes.wait(std::move(reply)));
        return replies;
    };
    std::set<std::string> answers;
    for (const auto& reply : ask_all()) {
        CHECK((reply.status == 200 || is_in_flight(reply)));
        if (reply.status == 200) answers.insert(reply.body);
    }
    CHECK(answers.size() == 1);
    for (const auto& reply : ask_all()) {  // whoever asks for an answer keeps nobody from it
        CHECK(reply.status == 200);
        CHECK(reply.replayed);
        answers.insert(reply.body);
    }
    CHECK(answers.size() == 1);
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
    CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
}

TEST_CASE("commands that may choose their keys choose different ones, at once too", "[far]") {
    Nodes nodes;
    auto request = nodes.request("BeginNote", "", "same");
    request.body = R"({"text":"same","or_alike":true})";
    REQUIRE(nodes.handle(nodes.a, request).status == 201);
    std::vector<std::future<CommandReply>> asked;
    for (int i = 0; i < 4; ++i) asked.push_back(nodes.a.begin(nodes.a.bus->handle(request)));
    for (auto& reply : asked) CHECK(nodes.wait(std::move(reply)).status == 201);
    std::set<std::string> holders;
    for (const auto* text : {"same", "same-2", "same-3", "same-4", "same-5"}) {
        const auto holder = nodes.engine.store().journal().holder(acme, {"text", text});
        REQUIRE(holder);
        holders.insert(holder->str());
    }
    CHECK(holders.size() == 5);
}

TEST_CASE("a bus that is told to end while it looks for what others left begins nothing", "[far]") {
    Nodes nodes;
    const auto id = nodes.begin_note();
    nodes.a.gateway.stays = spec::ToyGateway::Stays::before_the_effect;
    const auto lost = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one")));
    nodes.run_until([&] { return !nodes.a.gateway.sends.empty(); });
    nodes.a.die();
    nodes.pass(30);
    at_nth_read(nodes.b, 2, [&] { nodes.b.bus->refuse_new(); });
    CHECK(nodes.b.take_up_expired() == 0);
    CHECK(nodes.b.bus->running() == 0);
    CHECK(nodes.unfinished().size() == 1);
}

TEST_CASE("under races and a kill every effect happens once, and is told once", "[far]") {
    constexpr int keys = 6;
    const auto seed = GENERATE(range(1U, 7U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    Nodes nodes;
    const Lines ids{nodes.begin_note(), [&] {
                        const auto begun =
                            nodes.handle(nodes.a, nodes.request("BeginNote", "", "second"));
                        return Json::parse(begun.body).at("note_id").get<std::string>();
                    }()};
    const auto request = [&](int number) {
        return nodes.send(
            ids[static_cast<std::size_t>(number % 2)],
            "text " + std::to_string(number),
            key_of(number)
        );
    };
    bool is_dead = false;
    at_nth_read(nodes.a, 1 + static_cast<int>(random() % 25), [&] { is_dead = true; });
    std::vector<std::future<CommandReply>> of_a, of_b;
    for (int number = 0; number < keys; ++number) {
        of_a.push_back(nodes.a.begin(nodes.a.bus->handle(request(number))));
        of_b.push_back(nodes.b.begin(nodes.b.bus->handle(request(keys - 1 - number))));
    }
    nodes.run_until([&] { return is_dead || std::ranges::all_of(of_a, is_ready); });
    nodes.a.die();
    for (auto& reply : of_b) nodes.wait(std::move(reply));
    nodes.pass(30);
    nodes.b.take_up_expired();
    nodes.run_until_idle(nodes.b);
    spec::ToyWorld once;
    for (int number = 0; number < keys; ++number) {
        CHECK(nodes.handle(nodes.b, request(number)).status == 200);
        once["text " + std::to_string(number)] = 1;
    }
    CHECK(nodes.world == once);
    CHECK(nodes.lines(ids[0]).size() + nodes.lines(ids[1]).size() == 2 + keys);
    CHECK(nodes.unfinished().empty());
}
