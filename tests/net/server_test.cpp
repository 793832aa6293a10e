#include "net/server.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

TEST_CASE("a connection is kept and answers one request after the other") {
    TestServer server;
    RawClient client(server.server().port());
    const auto first = client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(body_of(first) == "GET /a ");
    CHECK(contains(first, "\r\nDate: "));
    CHECK_FALSE(contains(first, "Connection:"));
    const auto second = client.ask("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz");
    CHECK(body_of(second) == "POST /b xyz");
    CHECK(server.server().connections() == 1);
}

TEST_CASE("pipelined requests are answered in order") {
    TestServer server;
    RawClient client(server.server().port());
    client.send(
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
        "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
        "\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    CHECK(body_of(client.read_answer()) == "GET /1 ");
    CHECK(body_of(client.read_answer()) == "POST /2 ab");
    CHECK(body_of(client.read_answer()) == "GET /3 ");
}

TEST_CASE("much that was pipelined behind a body does not harm it") {
    TestServer server;
    RawClient client(server.server().port());
    constexpr int many = 1000;
    std::string text =
        "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
    client.send(text);
    text = "0\r\n\r\n";
    for (int i = 0; i < many; ++i) text += "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(text);
    CHECK(body_of(client.read_answer()) == "POST /b ab");
    int answered = 0;
    while (answered < many && body_of(client.read_answer()) == "GET /a ") ++answered;
    CHECK(answered == many);
}

TEST_CASE("a request that comes byte by byte is understood") {
    TestServer server;
    RawClient client(server.server().port());
    const std::string_view text =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    for (const char c : text) client.send(std::string_view(&c, 1));
    CHECK(body_of(client.read_answer()) == "POST /a abcde");
    CHECK(body_of(client.ask("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")) == "GET /b ");
}

TEST_CASE("trailers never become header fields") {
    TestServer server([](Request request) -> asio::awaitable<Response> {
        Response response;
        response.body = request.headers.find("Authorization") ? "yes" : "no";
        co_return response;
    });
    RawClient client(server.server().port());
    const auto answer = client.ask(
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\na\r\n0\r\nAuthorization: x\r\n\r\n"
    );
    CHECK(body_of(answer) == "no");
}

TEST_CASE("HEAD is answered with the length of the body but without it") {
    TestServer server;
    RawClient client(server.server().port());
    client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = client.read_answer(true);
    CHECK(contains(head, "Content-Length: 10\r\n"));  // "HEAD /abc "
    CHECK(body_of(head).empty());
    CHECK(body_of(client.read_answer()) == "GET /b ");
}

TEST_CASE("the handler sees fields, peer and body as they came") {
    TestServer server([](Request request) -> asio::awaitable<Response> {
        Response response;
        response.status = 201;
        response.headers.add("X-Seen", std::string(request.headers.find("x-field").value_or("")));
        response.headers.add("Content-Length", "999");  // not ours to say twice
        response.body = request.remote;
        co_return response;
    });
    RawClient client(server.server().port());
    const auto answer = client.ask("GET /a HTTP/1.1\r\nHost: x\r\nX-Field:  some text \r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 201 Created\r\n"));
    CHECK(contains(answer, "X-Seen: some text\r\n"));
    CHECK(contains(answer, "Content-Length: 9\r\n"));
    CHECK_FALSE(contains(answer, "999"));
    CHECK(body_of(answer) == "127.0.0.1");
}

TEST_CASE("204 and 304 have neither body nor length") {
    TestServer server([](Request request) -> asio::awaitable<Response> {
        Response response;
        response.status = request.target == "/a" ? 204 : 304;
        response.body = "not to be sent";
        co_return response;
    });
    RawClient client(server.server().port());
    for (const auto* path : {"/a", "/b"}) {
        const auto answer = client.ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK_FALSE(contains(answer, "Content-Length"));
        CHECK(body_of(answer).empty());
    }
}

TEST_CASE("a large answer arrives whole") {
    const std::string large(3'000'000, 'v');
    TestServer server([&large](Request) -> asio::awaitable<Response> {
        Response response;
        response.body = large;
        co_return response;
    });
    RawClient client(server.server().port());
    CHECK(body_of(client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == large);
    CHECK(body_of(client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == large);
}

TEST_CASE("Connection: close is obeyed, and HTTP/1.0 closes unless asked to keep") {
    TestServer server;
    RawClient closing(server.server().port());
    closing.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(contains(closing.read_all(), "Connection: close\r\n"));
    CHECK(closing.error() == asio::error::eof);

    RawClient old(server.server().port());
    old.send("GET /a HTTP/1.0\r\n\r\n");
    CHECK(contains(old.read_all(), "Connection: close\r\n"));

    RawClient keeping(server.server().port());
    CHECK(contains(
        keeping.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        "Connection: keep-alive\r\n"
    ));
    CHECK(status_of(keeping.ask("GET /a HTTP/1.0\r\n\r\n")) == "200");
}

TEST_CASE("Expect: 100-continue is answered before the body is sent") {
    TestServer server;
    RawClient client(server.server().port());
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.read_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(body_of(client.ask("ab")) == "POST /a ab");
}

TEST_CASE("an absolute target reaches the handler as its path") {
    TestServer server;
    RawClient client(server.server().port());
    CHECK(body_of(client.ask("GET http://x/a?b HTTP/1.1\r\nHost: x\r\n\r\n")) == "GET /a?b ");
    CHECK(body_of(client.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")) == "OPTIONS * ");
    const auto* host = GENERATE("", "x:80", "[::1]:80", "xn--caf-dma.example", "10.0.0.1");
    CAPTURE(host);
    const auto request = "GET /a HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
    CHECK(status_of(client.ask(request)) == "200");
}

TEST_CASE("a handler that does not trust what follows has the connection closed") {
    TestServer server([](Request) -> asio::awaitable<Response> {
        Response response;
        response.close = true;
        co_return response;
    });
    RawClient client(server.server().port());
    const std::string request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(request + request);
    const auto all = client.read_all();
    CHECK(contains(all, "Connection: close\r\n"));
    CHECK(all.rfind("HTTP/1.1 200") == 0);
    CHECK(client.error() == asio::error::eof);
}

TEST_CASE("drop cuts the connection without an answer") {
    TestServer server([](Request) -> asio::awaitable<Response> {
        Response response;
        response.drop = true;
        co_return response;
    });
    RawClient client(server.server().port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.read_all().empty());
    CHECK(client.error() == asio::error::connection_reset);
}

TEST_CASE("an exception of the handler closes the connection, and only that one") {
    TestServer server([](Request request) -> asio::awaitable<Response> {
        if (request.target == "/bug") throw std::runtime_error("bug");
        co_return Response();
    });
    RawClient other(server.server().port());
    CHECK(status_of(other.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    RawClient client(server.server().port());
    client.send("GET /bug HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.read_all().empty());
    CHECK(status_of(other.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
}

TEST_CASE("a header that would break apart is never sent") {
    TestServer server([](Request) -> asio::awaitable<Response> {
        Response response;
        response.headers.add("Location", "/x\r\nSet-Cookie: evil");
        co_return response;
    });
    RawClient client(server.server().port());
    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.read_all().empty());
}

TEST_CASE("connections are spread over all loops") {
    std::mutex mutex;
    std::vector<std::thread::id> seen;
    TestServer server(
        [&](Request) -> asio::awaitable<Response> {
            const std::scoped_lock lock(mutex);
            seen.push_back(std::this_thread::get_id());
            co_return Response();
        },
        {},
        2
    );
    RawClient first(server.server().port());
    RawClient second(server.server().port());
    CHECK(status_of(first.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    CHECK(status_of(second.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    const std::scoped_lock lock(mutex);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] != seen[1]);
}

TEST_CASE("a connection over the limit is closed at once") {
    ServerOptions options;
    options.connection_limit = 1;
    TestServer server(echo, options);
    RawClient first(server.server().port());
    CHECK(status_of(first.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")) == "200");
    RawClient second(server.server().port());
    CHECK(second.read_all().empty());
}

TEST_CASE("an address in use cannot be bound") {
    TestServer server;
    asio::io_context loop;
    ServerOptions options;
    options.port = server.server().port();
    CHECK_THROWS_AS(Server({&loop}, options, echo, refusal_answer), boost::system::system_error);
}
