#include "net/client.hpp"

#include "tests/net/client_support.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;
using Kind = TransportError::Kind;

TEST_CASE("a refused connection is not_sent") {
    BaseUrl base;
    base.host = "127.0.0.1";
    {
        ScriptedServer gone({});
        base.port = gone.url().port;
    }
    Caller caller;
    CHECK(kind_of(caller.send(base, get("/x"))) == Kind::not_sent);
}

TEST_CASE("a name that does not exist is not_sent") {
    BaseUrl base;
    base.host = "does-not-exist.invalid";
    base.port = 80;
    Caller caller;
    CHECK(kind_of(caller.send(base, get("/x"))) == Kind::not_sent);
}

TEST_CASE("a request that is not well formed is not_sent") {
    TestServer server;
    Caller caller;
    auto request = get("/x");
    request.headers.add("X-A", "b\r\nX-C: d");
    CHECK(kind_of(caller.send(server.url(), request)) == Kind::not_sent);
    CHECK(kind_of(caller.send(server.url(), get("/a b"))) == Kind::not_sent);
    CHECK(kind_of(caller.send(server.url(), get("x"))) == Kind::not_sent);
}

TEST_CASE("a connection cut after the request, or amid the answer, is lost") {
    const auto* answer = GENERATE(
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
    );
    CAPTURE(answer);
    ScriptedServer server({once(answer)});
    Caller caller;
    CHECK(kind_of(caller.send(server.url(), get("/x"))) == Kind::lost);
}

TEST_CASE("a reset after the request is lost, also on a connection that was used before") {
    ScriptedServer server({[](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        asio::write(socket, asio::buffer(ok));
        ScriptedServer::read_request(socket);
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
    }});
    Caller caller;
    CHECK(caller.send(server.url(), get("/1")));
    CHECK(kind_of(caller.send(server.url(), post("/2", "x"))) == Kind::lost);
    CHECK(server.accepted() == 1);
}

TEST_CASE("an answer that is not HTTP is lost") {
    ScriptedServer server({once("SSH-2.0-OpenSSH\r\n\r\n")});
    Caller caller;
    CHECK(kind_of(caller.send(server.url(), get("/x"))) == Kind::lost);
}

TEST_CASE("no complete answer within the deadline is timed_out") {
    const auto* part = GENERATE("", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok");
    ScriptedServer server({[part](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        asio::write(socket, asio::buffer(std::string_view(part)));
        ScriptedServer::wait_for_end(socket);
    }});
    Caller caller;
    CHECK(
        kind_of(caller.send(server.url(), get("/x"), std::chrono::milliseconds(50))) ==
        Kind::timed_out
    );
}

TEST_CASE("a request too large for the peer's patience is answered by the refusal it sent") {
    ServerOptions options;
    options.body_limit = 1000;
    options.discard_bytes = 20'000'000;
    TestServer server(echo, options);
    Caller caller;
    const auto sent = caller.send(server.url(), post("/x", std::string(8'000'000, 'b')));
    REQUIRE(sent);
    CHECK(sent->status == 413);
}

TEST_CASE("an answer over the limit is too_large, however it is framed") {
    const std::string body(5000, 'b');
    const auto answer = GENERATE_COPY(
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + body + "\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'h') + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'e')
    );
    ScriptedServer server({once(answer)});
    ClientOptions options;
    options.response_limit = 4000;
    Caller caller(options);
    CHECK(kind_of(caller.send(server.url(), get("/x"))) == Kind::too_large);
}

TEST_CASE("closing the client ends calls in work as lost") {
    std::promise<void> asked;
    ScriptedServer server({[&](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        asked.set_value();
        ScriptedServer::wait_for_end(socket);
    }});
    Caller caller;
    std::jthread closer([&] {
        asked.get_future().wait();
        asio::post(caller.loop, [&] { caller.client.close(); });
    });
    CHECK(kind_of(caller.send(server.url(), get("/x"))) == Kind::lost);
}

TEST_CASE("a client and its calls may go with the loop that stopped") {
    ScriptedServer server({[](tcp::socket& socket) { ScriptedServer::wait_for_end(socket); }});
    ClientOptions options;
    options.connections_per_origin = 1;
    Caller caller(options);
    int ended = 0;
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(
            caller.loop,
            caller.client.send(server.url(), "p", get("/x"), long_enough),
            [&](std::exception_ptr, const auto&) { ++ended; }
        );
    }
    while (server.accepted() == 0) caller.loop.run_one_for(std::chrono::milliseconds(1));
    CHECK(ended == 0);
}

TEST_CASE("a host is called only if all its addresses are admitted, and then at one of them") {
    ScriptedServer server({answering(std::string(ok))});
    ClientOptions options;
    std::vector<asio::ip::address> seen;
    bool admitted = false;
    options.admits = [&](const std::vector<asio::ip::address>& addresses) {
        seen = addresses;
        return admitted;
    };
    Caller caller(options);
    CHECK(kind_of(caller.send(server.url(), get("/x"))) == Kind::not_sent);
    CHECK(server.accepted() == 0);
    CHECK(seen == std::vector{asio::ip::make_address("127.0.0.1")});

    auto named = server.url();
    named.host = "localhost";
    seen.clear();
    CHECK(kind_of(caller.send(named, get("/x"))) == Kind::not_sent);
    CHECK_FALSE(seen.empty());
    admitted = true;
    CHECK(caller.send(server.url(), get("/x"))->status == 200);
}
