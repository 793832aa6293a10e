#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/server.hpp"
#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

namespace {

/// Requests to it stay in work until the test lets them go.
struct Held {
    explicit Held(std::size_t loops = 1)
        : server([this](Request request) { return answer(std::move(request)); }, {}, loops) {}

    asio::awaitable<Response> answer(Request request) {
        if (request.target == "/held") {
            asio::steady_timer timer(
                co_await asio::this_coro::executor, asio::steady_timer::time_point::max()
            );
            held.set_value([&timer] { timer.cancel(); });
            error_code released;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, released));
        }
        co_return Response();
    }

    void release() { asio::post(server.loop(), held.get_future().get()); }

    std::promise<std::function<void()>> held;
    TestServer server;
};

constexpr std::chrono::seconds long_enough{60};

}  // namespace

TEST_CASE("draining without connections is done at once") {
    TestServer server;
    server.drain(long_enough).get();
    CHECK_THROWS(RawClient(server.server().port()));
}

TEST_CASE("draining closes idle connections and accepts no new ones") {
    TestServer server(echo, {}, 2);
    RawClient client(server.server().port());
    CHECK(status_of(client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    auto drained = server.drain(long_enough);
    CHECK(client.read_all().empty());
    CHECK(client.error() == asio::error::eof);
    drained.get();
    CHECK(server.server().connections() == 0);
    CHECK_THROWS(RawClient(server.server().port()));
}

TEST_CASE("draining answers what is in work, then closes") {
    Held held;
    RawClient client(held.server.server().port());
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    RawClient idle(held.server.server().port());
    CHECK(status_of(idle.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    auto drained = held.server.drain(long_enough);
    CHECK(idle.read_all().empty());
    held.release();
    const auto answer = client.read_all();
    CHECK(status_of(answer) == "200");
    CHECK(contains(answer, "Connection: close\r\n"));
    client.socket().close();
    drained.get();
}

namespace {

/// Long timeouts, so that only the drain can end what waits for the peer; ended at once by it.
ServerOptions impatient_drain() {
    ServerOptions options;
    options.drain_patience = std::chrono::milliseconds(40);
    return options;
}

}  // namespace

TEST_CASE("draining does not wait for the rest of a request, and says so to who sent half of one") {
    TestServer server(echo, impatient_drain());
    const auto half = GENERATE(
        "GET /a HTT",
        "GET /a HTTP/1.1\r\nHost: x\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"
    );
    CAPTURE(half);
    RawClient client(server.server().port());
    // The answer to the first shows that the second, sent with it, is being read.
    client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(half));
    CHECK(status_of(client.read_answer()) == "200");
    auto drained = server.drain(long_enough);
    CHECK(status_of(client.read_all()) == "408");
    drained.get();  // although the client has not closed
}

TEST_CASE("draining does not wait for a client that keeps an answered connection open") {
    TestServer server(echo, impatient_drain());
    RawClient client(server.server().port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(status_of(client.read_answer()) == "200");
    server.drain(long_enough).get();
}

TEST_CASE("draining does not wait for who stops reading a stream") {
    std::promise<void> stuck;
    const auto endless = [&](Request) -> asio::awaitable<Response> {
        Response response;
        response.stream = [&](BodyWriter& out) {
            return [](BodyWriter* to, std::promise<void>* told) -> asio::awaitable<void> {
                const std::string part(1024 * 1024, 'x');
                for (int written = 0; co_await to->write(part); ++written) {
                    if (written == 0) told->set_value();
                }
            }(&out, &stuck);
        };
        co_return response;
    };
    TestServer server(endless, impatient_drain());
    RawClient client(server.server().port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    stuck.get_future().wait();
    server.drain(long_enough).get();
}

TEST_CASE("draining ends at its limit even if a request does not") {
    Held held;
    RawClient client(held.server.server().port());
    client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    auto release = held.held.get_future().get();
    held.server.drain(std::chrono::milliseconds(20)).get();
    CHECK(client.read_all().empty());
    asio::post(held.server.loop(), std::move(release));
}

TEST_CASE("a request that outlives the drain may end with its loop, after the first loop") {
    std::promise<void> all_in_work;
    std::atomic<int> in_work = 0;
    const auto never = [&](Request) -> asio::awaitable<Response> {
        if (++in_work == 2) all_in_work.set_value();
        asio::steady_timer timer(
            co_await asio::this_coro::executor, asio::steady_timer::time_point::max()
        );
        co_await timer.async_wait(asio::use_awaitable);
        co_return Response();
    };
    std::optional<TestServer> server;
    server.emplace(never, ServerOptions(), 2);
    RawClient first(server->server().port());
    RawClient second(server->server().port());
    first.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    second.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    all_in_work.get_future().wait();
    server.reset();
    CHECK(first.read_all().empty());
    CHECK(second.read_all().empty());
}

TEST_CASE("a server that is destroyed closes its connections") {
    LoopThread thread;
    std::optional<Server> server;
    server.emplace(std::vector{&thread.loop()}, ServerOptions(), echo, refusal_answer);
    RawClient client(server->port());
    CHECK(status_of(client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    server.reset();
    CHECK(client.read_all().empty());
}

TEST_CASE("a server may go after its loop has stopped, with requests in work") {
    asio::io_context loop(1);
    std::thread thread;
    std::promise<void> asked;
    {
        Server server(
            {&loop},
            {},
            [&asked](Request) -> asio::awaitable<Response> {
                asked.set_value();
                asio::steady_timer never(
                    co_await asio::this_coro::executor, asio::steady_timer::time_point::max()
                );
                co_await never.async_wait(asio::use_awaitable);
                co_return Response();
            },
            refusal_answer
        );
        thread = std::thread([&loop] { loop.run(); });
        RawClient client(server.port());
        client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        asked.get_future().wait();
        loop.stop();
        thread.join();
    }
    CHECK(loop.stopped());
}
