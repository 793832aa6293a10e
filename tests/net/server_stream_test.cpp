#include "net/server.hpp"
#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

namespace {

/// "/few" streams three parts; "/endless" until nothing more can be written, then keeps its
/// promise.
struct Streaming {
    explicit Streaming(ServerOptions options = {})
        : server([this](Request request) { return answer(std::move(request)); }, options) {}

    asio::awaitable<Response> answer(Request request) {
        Response response;
        response.headers.add("Content-Type", "text/plain");
        if (request.target == "/few") {
            response.stream = [](BodyWriter& out) -> asio::awaitable<void> {
                for (const char* part : {"one ", "", "two ", "three"}) co_await out.write(part);
            };
        } else {
            response.stream = [this](BodyWriter& out) -> asio::awaitable<void> {
                const std::string part(100'000, 'x');
                while (co_await out.write(part)) continue;
                ended.set_value();
            };
        }
        co_return response;
    }

    std::promise<void> ended;
    TestServer server;
};

}  // namespace

TEST_CASE("a streamed body is chunked, and the connection closes after it") {
    Streaming streaming;
    RawClient client(streaming.server.server().port());
    client.send("GET /few HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.read_all();
    CHECK(contains(answer, "\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(contains(answer, "\r\nConnection: close\r\n"));
    CHECK_FALSE(contains(answer, "Content-Length"));
    CHECK(body_of(answer) == "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n");
}

TEST_CASE("HTTP/1.0 gets a streamed body as it is, and HEAD none") {
    Streaming streaming;
    RawClient old(streaming.server.server().port());
    old.send("GET /few HTTP/1.0\r\n\r\n");
    const auto answer = old.read_all();
    CHECK_FALSE(contains(answer, "Transfer-Encoding"));
    CHECK(body_of(answer) == "one two three");
    RawClient head(streaming.server.server().port());
    head.send("HEAD /few HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(body_of(head.read_all()).empty());
}

TEST_CASE("a client that reads too slowly is cut off") {
    ServerOptions options;
    options.write_timeout = std::chrono::milliseconds(50);
    Streaming streaming(options);
    RawClient client(streaming.server.server().port());
    client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(
        streaming.ended.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready
    );
}

TEST_CASE("a stream ends when its client goes, and when the server drains") {
    const bool drains = GENERATE(false, true);
    Streaming streaming;
    auto client = std::make_unique<RawClient>(streaming.server.server().port());
    client->send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    client->read_answer(true);
    auto ended = streaming.ended.get_future();
    std::thread reader([&] { client->read_all(); });
    if (drains) {
        streaming.server.drain(std::chrono::seconds(20)).wait();
    } else {
        client->socket().shutdown(asio::ip::tcp::socket::shutdown_both);
    }
    CHECK(ended.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    reader.join();
}
