#include "net/server.hpp"

#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

namespace {

/// What a server says to bytes that never reach its handler.
std::string refused(std::string_view text, ServerOptions options = {}) {
    TestServer server(
        [](Request) -> asio::awaitable<Response> {
            Response response;
            response.status = 299;
            co_return response;
        },
        std::move(options)
    );
    RawClient client(server.server().port());
    client.send(text);
    const auto answer = client.read_all();
    CHECK(client.error() == asio::error::eof);
    if (!answer.empty()) CHECK(contains(answer, "Connection: close\r\n"));
    return status_of(answer);
}

ServerOptions small_bodies() {
    ServerOptions options;
    options.body_limit = 1000;
    options.discard_bytes = 100'000;
    return options;
}

}  // namespace

TEST_CASE("a malformed request is answered with 400 and the connection is closed") {
    const auto* text = GENERATE(
        "rubbish\r\n\r\n",
        "GET /a\r\n\r\n",
        "GET /a HTTP/2.0\r\n\r\n",
        "GET /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n",
        "GET /a HTTP/1.1\nHost: x\n\n",
        "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x@y/a HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x y\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x/y\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x@y\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"
    );
    CAPTURE(text);
    CHECK(refused(text) == "400");
}

TEST_CASE("a request whose length could be read in two ways is refused") {
    const auto* fields = GENERATE(
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length: 3 3\r\n",
        "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n"
    );
    CAPTURE(fields);
    const std::string text =
        "POST /a HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n3\r\nabc\r\n0\r\n\r\n";
    CHECK(refused(text) == "400");
}

TEST_CASE("chunked coding is refused in HTTP/1.0") {
    CHECK(refused("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == "400");
}

TEST_CASE("a header over the limit is answered with 431") {
    ServerOptions options;
    options.header_limit = 2000;
    const std::string field = "X: " + std::string(3000, 'v') + "\r\n";
    CHECK(refused("GET /a HTTP/1.1\r\nHost: x\r\n" + field + "\r\n", options) == "431");
    CHECK(refused("GET /a HTTP/1.1\r\nHost: x\r\n" + field, options) == "431");
}

TEST_CASE("a body over the limit is read to its end and then answered with 413") {
    const std::string body(50'000, 'b');
    const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\n";
    CHECK(refused(head + "Content-Length: 50000\r\n\r\n" + body, small_bodies()) == "413");
    CHECK(
        refused(
            head + "Transfer-Encoding: chunked\r\n\r\nc350\r\n" + body + "\r\n0\r\n\r\n",
            small_bodies()
        ) == "413"
    );
}

TEST_CASE("a body at the limit is taken, one byte more is not") {
    TestServer server(echo, small_bodies());
    RawClient client(server.server().port());
    const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: ";
    CHECK(body_of(client.ask(head + "1000\r\n\r\n" + std::string(1000, 'b'))).size() == 1008);
    CHECK(status_of(client.ask(head + "1001\r\n\r\n" + std::string(1001, 'b'))) == "413");
}

TEST_CASE("a client that announces too much and waits hears 413 without sending it") {
    CHECK(
        refused(
            "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n",
            small_bodies()
        ) == "413"
    );
}

TEST_CASE("an endless body is answered once enough of it was discarded") {
    TestServer server(echo, small_bodies());
    RawClient client(server.server().port());
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "2710\r\n" + std::string(10'000, 'b') + "\r\n";
    for (int i = 0; i < 11; ++i) client.send(chunk);
    CHECK(status_of(client.read_answer()) == "413");
}

TEST_CASE("a body over the limit that stalls is answered when the time to discard is over") {
    auto options = small_bodies();
    options.discard_time = std::chrono::milliseconds(40);
    CHECK(
        refused("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nb", options) == "413"
    );
}

TEST_CASE("a request that does not come to an end is answered with 408") {
    ServerOptions options;
    options.header_timeout = options.body_timeout = std::chrono::milliseconds(40);
    const auto* text =
        GENERATE("GET /a HTT", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
    CAPTURE(text);
    CHECK(refused(text, options) == "408");
}

TEST_CASE("empty lines are no request, however they come") {
    ServerOptions options;
    options.header_timeout = std::chrono::milliseconds(40);
    CHECK(refused("\r\n\r\n\r", options) == "408");
    TestServer server;
    RawClient client(server.server().port());
    for (const char byte : std::string_view("\r\n\r\n\r")) client.send({&byte, 1});
    CHECK(status_of(client.ask("\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
}

TEST_CASE("a connection without a request is closed silently when its time is over") {
    ServerOptions options;
    options.idle_timeout = std::chrono::milliseconds(40);
    CHECK(refused("", options).empty());
}
