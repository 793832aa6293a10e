#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <set>

#include "tests/gateways/platform.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;
using namespace vitrine::clubify::testing;
using namespace std::chrono_literals;
using Kind = CallError::Kind;

namespace {

net::Response cut() {
    net::Response response;
    response.drop = true;
    return response;
}

/// Calls made at the same time; their answers, in the order in which they came.
struct AtOnce {
    explicit AtOnce(Gateway& at) : gateway(at) {}

    void start(Account account, Call call) {
        ++started;
        asio::co_spawn(
            gateway.loop,
            gateway.clubify.send(std::move(account), std::move(call)),
            [this](std::exception_ptr, Result<Answer> answer) {
                answers.push_back(std::move(answer));
            }
        );
    }
    void finish() {
        gateway.loop.restart();
        while (answers.size() < started && gateway.loop.run_one() > 0) continue;
    }

    Gateway& gateway;
    std::size_t started = 0;
    std::vector<Result<Answer>> answers;
};

}  // namespace

TEST_CASE("a GET is tried again after what passes by itself") {
    const auto failure = GENERATE_COPY(
        json_answer(503, "{}"),
        json_answer(500, "{}"),
        json_answer(502, "{}"),
        json_answer(504, "{}"),
        json_answer(408, "{}"),
        json_answer(429, "{}"),
        json_answer(200, "<html>"),
        cut()
    );
    Platform platform;
    platform.next(failure);
    platform.next(failure);
    platform.next(json_answer(200, R"({"third":true})"));
    Gateway gateway;
    const auto answer =
        gateway.run(gateway.clubify.send(platform.account(), call_of("GET", "/offers/x")));
    REQUIRE(answer);
    CHECK(answer->body.text == R"({"third":true})");
    CHECK(platform.calls().size() == 3);
    CHECK(gateway.clubify.calls().at(0).repeated == 2);
}

TEST_CASE("a GET is not tried again when that cannot help, nor more often than allowed") {
    const int status = GENERATE(400, 404, 409, 403, 501, 307, 503);
    Platform platform;
    for (int i = 0; i < 5; ++i) platform.next(json_answer(status, "{}"));
    Gateway gateway;
    CHECK_FALSE(gateway.run(gateway.clubify.send(platform.account(), call_of("GET", "/x"))));
    CHECK(platform.calls().size() == (status == 503 ? 3 : 1));
}

TEST_CASE("a write that may have left is never sent again") {
    const auto* method = GENERATE("POST", "PUT", "PATCH", "DELETE");
    const auto failure = GENERATE_COPY(json_answer(503, "{}"), json_answer(429, "{}"), cut());
    Platform platform;
    platform.next(failure);
    Gateway gateway;
    CHECK_FALSE(gateway.run(gateway.clubify.send(platform.account(), call_of(method, "/x"))));
    CHECK(platform.calls().size() == 1);
}

TEST_CASE("a write that was not sent because signing in failed is sent when that passes") {
    Platform platform;
    platform.next_sign_in(cut());
    platform.next_sign_in(json_answer(503, "{}"));
    Gateway gateway;
    CHECK(gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x"))));
    CHECK(platform.signed_in().size() == 3);
    CHECK(platform.calls().size() == 1);
}

TEST_CASE("a platform that keeps failing is left alone, and calls end at once") {
    Platform platform;
    for (int i = 0; i < 100; ++i) platform.next(json_answer(500, "{}"));
    Gateway gateway;
    const auto send = [&](const char* method) {
        return gateway.run(gateway.clubify.send(platform.account(), call_of(method, "/x")));
    };
    for (int i = 0; i < BreakerOptions().failures; ++i) {
        CHECK(send("POST").error().kind == Kind::unavailable);
    }
    const auto* method = GENERATE("POST", "GET");
    const auto held = send(method);
    REQUIRE_FALSE(held);
    CHECK(held.error().kind == Kind::not_sent);
    CHECK(held.error().retry_after == 1s);
    CHECK(platform.calls().size() == static_cast<std::size_t>(BreakerOptions().failures));
    const auto calls = gateway.clubify.calls().at(0);
    CHECK(calls.breaker == Breaker::State::open);
    CHECK(calls.breaker_opened == 1);
    CHECK(calls.held_by_breaker == 1);
}

TEST_CASE("the breaker closes when a probe succeeds, and opens again when it fails") {
    Options options = Gateway::hasty();
    options.breaker = {2, 1ms, 1ms};
    Platform platform;
    for (int i = 0; i < 3; ++i) platform.next(cut());
    Gateway gateway(options);
    const auto send = [&] {
        return gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x")));
    };
    const auto until_sent = [&] {
        const auto before = platform.calls().size();
        auto answer = send();
        while (platform.calls().size() == before) answer = send();
        return answer;
    };
    CHECK_FALSE(send());
    CHECK_FALSE(send());
    CHECK_FALSE(until_sent());
    CHECK(gateway.clubify.calls().at(0).breaker_opened == 2);
    CHECK(until_sent());
    CHECK(gateway.clubify.calls().at(0).breaker == Breaker::State::closed);
    CHECK(send());
}

TEST_CASE("refusals and rate limits are no outage") {
    const int status = GENERATE(400, 404, 422, 429);
    Platform platform;
    for (int i = 0; i < 20; ++i) platform.next(json_answer(status, "{}"));
    Gateway gateway;
    for (int i = 0; i < 20; ++i) {
        gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x")));
    }
    CHECK(platform.calls().size() == 20);
    CHECK(gateway.clubify.calls().at(0).breaker == Breaker::State::closed);
}

TEST_CASE("one tenant's outage and crowd hold no other tenant") {
    Platform platform;
    Options options = Gateway::hasty();
    options.calls_per_tenant = 1;
    options.call_deadline = 2s;
    Gateway gateway(options);
    // The platform of the one never answers; the line behind its only place is full.
    net::testing::ScriptedServer silent({[](net::testing::tcp::socket& socket) {
        net::testing::ScriptedServer::read_request(socket);
        net::testing::ScriptedServer::wait_for_end(socket);
    }});
    auto stuck = platform.account("stuck");
    stuck.base = silent.url();
    AtOnce stuck_calls(gateway);
    for (int i = 0; i < 20; ++i) stuck_calls.start(stuck, call_of("POST", "/x"));
    // That of another answers failures, until its calls are held back.
    Platform failing;
    for (int i = 0; i < 50; ++i) failing.next(json_answer(500, "{}"));
    for (int i = 0; i < 20; ++i) {
        gateway.run(gateway.clubify.send(failing.account("failing"), call_of("POST", "/x")));
    }
    CHECK(failing.calls().size() == static_cast<std::size_t>(BreakerOptions().failures));

    for (int i = 0; i < 20; ++i) {
        CHECK(gateway.run(gateway.clubify.send(platform.account("well"), call_of("POST", "/x"))));
    }
    CHECK(stuck_calls.answers.empty());
    gateway.clubify.close();
    stuck_calls.finish();
}

TEST_CASE("equal GETs at the same time make one request") {
    Platform platform;
    platform.next(json_answer(200, R"({"views":7})"));
    Gateway gateway;
    AtOnce calls(gateway);
    for (int i = 0; i < 1000; ++i) calls.start(platform.account(), call_of("GET", "/stats?a=1"));
    calls.finish();
    REQUIRE(calls.answers.size() == 1000);
    for (const auto& answer : calls.answers) {
        REQUIRE(answer);
        CHECK(answer->body.text == R"({"views":7})");
    }
    CHECK(platform.calls().size() == 1);
    CHECK(gateway.clubify.calls().at(0).shared == 999);
    // An answer is for those who asked before it came.
    CHECK(gateway.run(gateway.clubify.send(platform.account(), call_of("GET", "/stats?a=1"))));
    CHECK(platform.calls().size() == 2);
}

TEST_CASE("another tenant, another query or a write is no equal question") {
    Platform platform;
    Gateway gateway;
    AtOnce calls(gateway);
    calls.start(platform.account("a"), call_of("GET", "/x?p=1"));
    calls.start(platform.account("b"), call_of("GET", "/x?p=1"));
    calls.start(platform.account("a"), call_of("GET", "/x?p=2"));
    calls.start(platform.account("a"), call_of("POST", "/x?p=1"));
    calls.start(platform.account("a"), call_of("POST", "/x?p=1"));
    calls.finish();
    CHECK(platform.calls().size() == 5);
}

TEST_CASE("who gives up a shared question, or has less time for it, does not end it for the rest") {
    std::promise<void> go;
    net::testing::ScriptedServer server({[&](net::testing::tcp::socket& socket) {
        using Server = net::testing::ScriptedServer;
        const auto reply = [&](const std::string& body) {
            const auto length = std::to_string(body.size());
            const auto text = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body;
            asio::write(socket, asio::buffer(text));
        };
        Server::read_request(socket);
        char body[200];
        net::testing::error_code error;
        socket.read_some(asio::buffer(body), error);
        reply(R"({"access_token":"t","expires_in":3600})");
        Server::read_request(socket);
        go.get_future().wait();
        reply(R"({"status":"ok"})");
        Server::wait_for_end(socket);
    }});
    Gateway gateway;
    Account account;
    account.tenant = TenantId("acme");
    account.base = server.url();
    account.api_key = api_key;

    asio::cancellation_signal give_up;
    bool gave_up = false;
    asio::co_spawn(
        gateway.loop,
        gateway.clubify.check(account, 30s),
        asio::bind_cancellation_slot(
            give_up.slot(), [&](std::exception_ptr, auto answer) { gave_up = !answer; }
        )
    );
    std::optional<Result<Answer>> patient;
    asio::co_spawn(
        gateway.loop,
        gateway.clubify.check(account, 30s),
        [&](std::exception_ptr, auto answer) { patient = std::move(answer); }
    );
    const auto hurried = gateway.run(gateway.clubify.check(account, 50ms));
    REQUIRE_FALSE(hurried);
    CHECK(hurried.error().kind != Kind::refused);
    give_up.emit(asio::cancellation_type::all);
    gateway.loop.restart();
    while (!gave_up && gateway.loop.run_one() > 0) continue;
    CHECK(gave_up);
    go.set_value();
    while (!patient && gateway.loop.run_one() > 0) continue;
    REQUIRE(patient);
    CHECK(*patient);
    CHECK(server.accepted() == 1);
    gateway.clubify.close();
}

TEST_CASE("a look-up shares no answer: one that is on its way may be of before it") {
    Platform platform;
    Gateway gateway;
    std::vector<Result<std::optional<RemoteOffer>>> found;
    const auto look_up = [&] {
        asio::co_spawn(
            gateway.loop,
            gateway.clubify.find_offer(platform.account(), ClubifyId("o1")),
            [&](std::exception_ptr, auto answer) { found.push_back(std::move(answer)); }
        );
    };
    platform.next(json_answer(404, "{}"));
    platform.next(json_answer(200, R"({"_id":"o1"})"));
    look_up();
    look_up();
    while (found.size() < 2 && gateway.loop.run_one() > 0) continue;
    CHECK(platform.calls().size() == 2);
    CHECK(gateway.clubify.calls().at(0).shared == 0);
    CHECK(std::ranges::count_if(found, [](const auto& each) { return each && *each; }) == 1);
}

TEST_CASE("the announced rate limit is kept before it hits") {
    Platform platform;
    Gateway gateway;
    auto last = json_answer(200, "{}");
    last.headers.add("X-RateLimit-Limit", "100");
    last.headers.add("X-RateLimit-Remaining", "0");
    last.headers.add("X-RateLimit-Reset", "1300000060");
    platform.next(last);
    const auto send = [&] {
        return gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x")));
    };
    CHECK(send());
    CHECK(gateway.clubify.calls().at(0).rate_left == 0);
    const auto held = send();
    REQUIRE_FALSE(held);
    CHECK(held.error().kind == Kind::not_sent);
    CHECK(held.error().retry_after.value() >= 60s);
    CHECK(platform.calls().size() == 1);
    CHECK(gateway.clubify.calls().at(0).held_by_rate == 1);
    // Another tenant has its own.
    CHECK(gateway.run(gateway.clubify.send(platform.account("other"), call_of("POST", "/x"))));
    gateway.now += 60s;
    CHECK(send());
}

TEST_CASE("a call waits for the next window when its deadline allows it") {
    Platform platform;
    Gateway gateway;
    auto last = json_answer(200, "{}");
    last.headers.add("X-RateLimit-Remaining", "0");
    last.headers.add("X-RateLimit-Reset", "1300000001");
    platform.next(last);
    gateway.now += 980ms;
    const auto send = [&] {
        return gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x")));
    };
    CHECK(send());
    asio::steady_timer clock(gateway.loop, 10ms);
    clock.async_wait([&](auto) { gateway.now += 20ms; });
    CHECK(send());
    CHECK(platform.calls().size() == 2);
    CHECK(gateway.clubify.calls().at(0).held_by_rate == 1);
}
