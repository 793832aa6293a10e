// Two nodes on one log: who may do what, and who carries on when one is gone.
#include "tests/commands/nodes.hpp"

using namespace vitrine;
using namespace vitrine::commands;
using spec::ToyGateway;
using spec::TwoNodes;
using Lines = std::vector<std::string>;
using Stays = ToyGateway::Stays;

namespace {

bool is_in_flight(const CommandReply& reply) {
    return reply.status == 409 && reply.body.find("command-in-flight") != std::string::npos &&
           reply.retry_after.has_value();
}

/// Until the node has accepted the command and the gateway has been asked to send it.
template <class Nodes>
void run_until_sent(Nodes& nodes, const spec::Node& node) {
    nodes.run_until([&] { return !node.gateway.sends.empty(); });
}

}  // namespace

TEMPLATE_TEST_CASE(
    "two nodes write to one stream: each decides again, and nothing is lost",
    "[nodes]",
    VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    const auto id = nodes.begin_note();
    std::vector<std::future<CommandReply>> replies;
    for (int i = 0; i < 5; ++i) {
        for (auto* node : {&nodes.a, &nodes.b})
            replies.push_back(node->begin(node->bus->handle(nodes.request("AddToNote", id, "line")))
            );
    }
    for (auto& reply : replies) CHECK(nodes.wait(std::move(reply)).status == 200);
    const auto lines = nodes.lines(id);
    REQUIRE(lines.size() == 11);
    for (std::size_t i = 1; i < lines.size(); ++i)
        CHECK(lines[i] == "line after " + std::to_string(i));
}

TEMPLATE_TEST_CASE(
    "two nodes that act outside on one stream do so one after the other", "[nodes]", VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    const auto id = nodes.begin_note();
    auto one = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one")));
    auto other = nodes.b.begin(nodes.b.bus->handle(nodes.send(id, "other")));
    const auto first = nodes.wait(std::move(one));
    const auto second = nodes.wait(std::move(other));
    CHECK((first.status == 200 || is_in_flight(first)));
    CHECK((second.status == 200 || is_in_flight(second)));
    const auto succeeded = (first.status == 200) + (second.status == 200);
    CHECK(succeeded >= 1);
    CHECK(nodes.world["one"] == (first.status == 200));
    CHECK(nodes.world["other"] == (second.status == 200));
    CHECK(nodes.lines(id).size() == 1 + static_cast<std::size_t>(succeeded));
}

TEMPLATE_TEST_CASE(
    "where one node's command is under way the other is told to come again",
    "[nodes]",
    VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    const auto id = nodes.begin_note();
    nodes.a.gateway.stays = Stays::before_the_effect;
    auto sending = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one", "key")));
    run_until_sent(nodes, nodes.a);

    CHECK(is_in_flight(nodes.handle(nodes.b, nodes.send(id, "other"))));
    CHECK(is_in_flight(nodes.handle(nodes.b, nodes.send(id, "one", "key"))));
    CHECK(nodes.b.gateway.sends.empty());
    // What does nothing outside is decided here; the other one is decided again at its end.
    CHECK(nodes.handle(nodes.b, nodes.request("AddToNote", id, "line")).status == 200);

    nodes.a.gateway.go_on();
    CHECK(nodes.wait(std::move(sending)).status == 200);
    CHECK(nodes.lines(id) == Lines{"begun after 0", "line after 1", "one after 2"});
    CHECK(nodes.handle(nodes.b, nodes.send(id, "other")).status == 200);
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}, {"other", 1}});
}

TEMPLATE_TEST_CASE("a natural key is one node's", "[nodes]", VITRINE_ENGINES) {
    TwoNodes<TestType> nodes;
    auto one = nodes.a.begin(nodes.a.bus->handle(nodes.request("BeginNote", "", "same")));
    auto other = nodes.b.begin(nodes.b.bus->handle(nodes.request("BeginNote", "", "same")));
    const auto first = nodes.wait(std::move(one));
    const auto second = nodes.wait(std::move(other));
    CHECK(first.status + second.status == 201 + 409);
    CHECK((first.status == 409 ? first : second).body.find("slug-taken") != std::string::npos);
    CHECK(nodes.engine.store().head() == 1);
}

TEMPLATE_TEST_CASE(
    "one idempotency key at both nodes is one effect and one answer", "[nodes]", VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    const auto id = nodes.begin_note();
    auto one = nodes.a.begin(nodes.a.bus->handle(nodes.send(id, "one", "key")));
    auto other = nodes.b.begin(nodes.b.bus->handle(nodes.send(id, "one", "key")));
    const auto first = nodes.wait(std::move(one));
    const auto second = nodes.wait(std::move(other));
    CHECK((first.status == 200 || is_in_flight(first)));
    CHECK((second.status == 200 || is_in_flight(second)));
    CHECK((first.status == 200 || second.status == 200));
    for (auto* node : {&nodes.a, &nodes.b}) {
        const auto again = nodes.handle(*node, nodes.send(id, "one", "key"));
        CHECK(again.status == 200);
        CHECK(again.replayed);
        CHECK(again.body == (first.status == 200 ? first : second).body);
    }
    CHECK(nodes.world["one"] == 1);
    CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
}

TEMPLATE_TEST_CASE(
    "what a dead node has left is carried on after its lease, exactly once",
    "[nodes]",
    VITRINE_ENGINES
) {
    enum class Dies { before_the_effect, after_the_effect, before_the_end };
    for (const auto dies :
         {Dies::before_the_effect, Dies::after_the_effect, Dies::before_the_end}) {
        CAPTURE(static_cast<int>(dies));
        TwoNodes<TestType> nodes;
        auto& a = nodes.a;
        auto& b = nodes.b;
        const auto id = nodes.begin_note();
        if (dies == Dies::before_the_effect) a.gateway.stays = Stays::before_the_effect;
        if (dies == Dies::after_the_effect) a.gateway.stays = Stays::after_the_effect;
        if (dies == Dies::before_the_end) a.gateway.at_send = [&a] { a.cut_off(); };
        const auto lost = a.begin(a.bus->handle(nodes.send(id, "one", "key")));
        run_until_sent(nodes, a);
        a.work();
        a.die();
        CHECK(nodes.world["one"] == (dies != Dies::before_the_effect));
        if (nodes.world["one"] == 0) nodes.world.clear();

        nodes.pass(29);
        CHECK(b.take_up_expired() == 0);
        CHECK(is_in_flight(nodes.handle(b, nodes.send(id, "other"))));
        nodes.pass(1);
        CHECK(b.take_up_expired() == 1);
        CHECK(b.take_up_expired() == 0);  // it is at work on it
        nodes.run_until_idle(b);

        CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
        CHECK(b.gateway.sends.size() == (dies == Dies::before_the_effect));
        CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
        CHECK(nodes.unfinished().empty());
        const auto replayed = nodes.handle(b, nodes.send(id, "one", "key"));
        CHECK(replayed.status == 200);
        CHECK(replayed.replayed);
    }
}

TEMPLATE_TEST_CASE(
    "an owner that was away for longer than its lease sends nothing", "[nodes]", VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    auto& a = nodes.a;
    auto& b = nodes.b;
    const auto id = nodes.begin_note();
    a.keep_answers();
    auto sending = a.begin(a.bus->handle(nodes.send(id, "one")));
    nodes.run_until([&] { return a.answers_kept() == 1; });
    REQUIRE(nodes.unfinished().size() == 1);
    REQUIRE(a.gateway.sends.empty());
    nodes.pass(30);

    // Before anybody has taken it over, too: somebody may at any time.
    const bool is_taken = GENERATE(true, false);
    if (is_taken) {
        CHECK(b.take_up_expired() == 1);
        nodes.run_until_idle(b);
    }
    a.give_answers();
    CHECK(nodes.wait(std::move(sending)).status == 202);
    nodes.run_until_idle(a);
    CHECK(a.gateway.sends.empty());
    CHECK(a.gateway.look_ups.empty());
    CHECK(a.noticed("a command is left to whoever takes it up") == 1);
    if (!is_taken) {
        CHECK(a.take_up_expired() == 1);  // nobody was there: it takes its own up again
        nodes.run_until_idle(a);
    }
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
    CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
    CHECK(nodes.unfinished().empty());
}

TEMPLATE_TEST_CASE(
    "an owner that comes back after its lease writes nothing", "[nodes]", VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    auto& a = nodes.a;
    auto& b = nodes.b;
    const auto id = nodes.begin_note();
    a.gateway.stays = Stays::after_the_effect;
    auto sending = a.begin(a.bus->handle(nodes.send(id, "one", "key")));
    run_until_sent(nodes, a);
    a.work();
    a.is_paused = true;
    nodes.pass(30);
    REQUIRE(b.take_up_expired() == 1);
    nodes.run_until_idle(b);
    const auto head = nodes.engine.store().head();
    const auto row = nodes.engine.store().journal().find_by_key(TenantId("acme"), "key");
    REQUIRE(row);
    CHECK(row->lease.owner == "b");

    a.is_paused = false;
    a.gateway.go_on();
    CHECK(nodes.wait(std::move(sending)).status == 202);
    nodes.run_until_idle(a);
    CHECK(a.noticed("a command is left to whoever takes it up") == 1);
    CHECK(nodes.engine.store().head() == head);
    const auto after = nodes.engine.store().journal().find_by_key(TenantId("acme"), "key");
    CHECK(after->lease == row->lease);
    CHECK(after->answer == row->answer);
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
    CHECK(a.gateway.sends.size() == 1);
}

TEMPLATE_TEST_CASE(
    "a node that works on renews its leases, and learns what it has lost",
    "[nodes]",
    VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    auto& a = nodes.a;
    auto& b = nodes.b;
    const auto id = nodes.begin_note();
    a.gateway.stays = Stays::before_the_effect;
    a.gateway.sent_answers = {gateways::Unknown{}};  // so that it asks, and sends once more
    auto sending = a.begin(a.bus->handle(nodes.send(id, "one")));
    run_until_sent(nodes, a);
    const auto renew = [&] { nodes.wait(a.begin(a.bus->renew_leases())); };
    const auto renewed_until = [&] { return nodes.unfinished().front().lease.until; };
    const auto first = renewed_until();
    nodes.pass(20);
    renew();
    CHECK(renewed_until() == first + std::chrono::seconds(20));
    nodes.pass(20);
    CHECK(b.take_up_expired() == 0);

    SECTION("what is renewed may be sent") {
        a.gateway.go_on();
        CHECK(nodes.wait(std::move(sending)).status == 200);
        CHECK(a.gateway.sends.size() == 2);
        const auto head = nodes.engine.store().head();
        renew();  // nothing is under way: nothing is written
        CHECK(nodes.engine.store().head() == head);
        CHECK(nodes.unfinished().empty());
    }
    SECTION("what somebody else has is not sent again") {
        nodes.pass(10);
        CHECK(b.take_up_expired() == 1);
        nodes.run_until_idle(b);
        renew();
        a.gateway.settled_answers = {gateways::Absent{}};  // as of before
        a.gateway.go_on();
        CHECK(nodes.wait(std::move(sending)).status == 202);
        CHECK(a.gateway.sends.size() == 1);
    }
    CHECK(nodes.world == spec::ToyWorld{{"one", 1}});
}

TEMPLATE_TEST_CASE(
    "unfinished commands on one stream are carried on in the order of acceptance",
    "[nodes]",
    VITRINE_ENGINES
) {
    TwoNodes<TestType> nodes;
    auto& a = nodes.a;
    auto& b = nodes.b;
    const auto id = nodes.begin_note();
    for (auto* node : {&a, &b}) {
        node->gateway.stays = Stays::before_the_effect;
        const auto lost =
            node->begin(node->bus->handle(nodes.send(id, node == &a ? "first" : "second")));
        run_until_sent(nodes, *node);
        node->die();
        nodes.pass(30);
    }
    REQUIRE(nodes.unfinished().size() == 2);

    spec::Node c("c", nodes.engine.store(), nodes.world, nodes.engine.clock);
    c.gateway.stays = Stays::after_the_effect;
    CHECK(c.recover() == 2);
    const auto run_until = [&](const std::function<bool()>& is_so) {
        while (!is_so()) {
            c.work();
            std::this_thread::yield();
        }
    };
    run_until([&] { return c.gateway.sends.size() == 1 && c.bus->waiting() == 1; });
    CHECK(c.gateway.sends == Lines{"first"});
    c.gateway.go_on();
    run_until([&] { return c.bus->running() == 0; });
    CHECK(c.gateway.sends == Lines{"first", "second"});
    CHECK(nodes.lines(id) == Lines{"begun after 0", "first after 1", "second after 2"});
    CHECK(nodes.world == spec::ToyWorld{{"first", 1}, {"second", 1}});
    CHECK(nodes.unfinished().empty());
}

TEMPLATE_TEST_CASE(
    "leases are renewed, and left ones looked for, by themselves", "[nodes]", VITRINE_ENGINES
) {
    using std::chrono::milliseconds;
    TwoNodes<TestType> nodes;
    auto& log = nodes.engine.store();
    const auto id = nodes.begin_note();
    // Real time makes them look; whether a lease is over is the test's time.
    LeaseOptions lease;
    lease.length = milliseconds(30);
    lease.margin = milliseconds(5);
    spec::Node c("c", log, nodes.world, nodes.engine.clock, lease);
    spec::Node d("d", log, nodes.world, nodes.engine.clock, lease);
    CHECK(d.recover() == 0);
    c.gateway.stays = Stays::before_the_effect;
    const auto lost = c.begin(c.bus->handle(nodes.send(id, "one")));
    const auto run_until = [&](const std::function<bool()>& is_so) {
        while (!is_so()) {
            c.work();
            d.work();
            std::this_thread::yield();
        }
    };
    run_until([&] { return c.gateway.sends.size() == 1; });
    REQUIRE(nodes.unfinished().size() == 1);
    const auto until = nodes.unfinished().front().lease.until;
    nodes.engine.clock.advance(milliseconds(10));
    run_until([&] { return nodes.unfinished().front().lease.until == until + milliseconds(10); });
    CHECK(d.gateway.sends.empty());

    c.die();
    nodes.engine.clock.advance(milliseconds(30));
    run_until([&] { return nodes.unfinished().empty(); });
    CHECK(d.gateway.sends == Lines{"one"});
    CHECK(nodes.lines(id) == Lines{"begun after 0", "one after 1"});
    run_until([&] { return d.bus->running() == 0; });
}
