#include "net/client.hpp"

#include "tests/net/client_support.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;
using Kind = TransportError::Kind;

TEST_CASE("a request goes out as given, with Host and Content-Length, below the prefix") {
    std::promise<std::string> seen;
    ScriptedServer server({[&](tcp::socket& socket) {
        auto text = ScriptedServer::read_request(socket);
        char body[3];
        asio::read(socket, asio::buffer(body));
        seen.set_value(text + std::string(body, 3));
        error_code error;
        asio::write(socket, asio::buffer(ok), error);
    }});
    Caller caller;
    auto base = server.url();
    base.prefix = "/api/v1";
    auto request = post("/offers?x=1", "abc");
    request.headers.add("X-A", "b");
    request.headers.add("Host", "elsewhere");
    request.headers.add("Transfer-Encoding", "chunked");
    const auto sent = caller.send(base, request);
    REQUIRE(sent);
    CHECK(sent->status == 200);
    CHECK(sent->body == "ok");
    CHECK(
        seen.get_future().get() ==
        "POST /api/v1/offers?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(base.port) +
            "\r\nAccept-Encoding: identity\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc"
    );
}

TEST_CASE("a connection is used again, but never for another partition") {
    TestServer server;
    Caller caller;
    for (const auto* partition : {"a", "a", "b", "a"}) {
        const auto sent = caller.send(server.url(), get("/x"), long_enough, partition);
        REQUIRE(sent);
        CHECK(sent->body == "GET /x ");
    }
    CHECK(server.server().connections() == 2);
}

TEST_CASE("answers of every framing are understood, and the connection kept where that is allowed"
) {
    const auto* answer = GENERATE(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;e=1\r\nk\r\n0\r\nT: "
        "t\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
    );
    CAPTURE(answer);
    ScriptedServer server({answering(answer)});
    {
        Caller caller;
        for (int i = 0; i < 3; ++i) {
            const auto sent = caller.send(server.url(), get("/x"));
            REQUIRE(sent);
            CHECK(sent->status == 200);
            CHECK(sent->body == "ok");
        }
    }
    CHECK(server.accepted() == 1);
}

TEST_CASE("an answer that ends with the connection is whole, and the connection not used again") {
    ScriptedServer server({once("HTTP/1.1 200 OK\r\n\r\nok"), once(std::string(ok))});
    Caller caller;
    CHECK(caller.send(server.url(), get("/x"))->body == "ok");
    CHECK(caller.send(server.url(), get("/x"))->body == "ok");
    CHECK(server.accepted() == 2);
}

TEST_CASE("a connection is not used again after Connection: close or unasked bytes") {
    const auto* answer = GENERATE(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: "
        "5\r\n\r\nwrong"
    );
    ScriptedServer server({answering(answer), answering(answer)});
    Caller caller;
    CHECK(caller.send(server.url(), get("/x"))->body == "ok");
    CHECK(caller.send(server.url(), get("/x"))->body == "ok");
    CHECK(server.accepted() == 2);
}

TEST_CASE("HEAD and 204 have no body to wait for") {
    ScriptedServer server({[](tcp::socket& socket) {
        for (const auto* answer :
             {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"}) {
            ScriptedServer::read_request(socket);
            asio::write(socket, asio::buffer(std::string_view(answer)));
        }
        ScriptedServer::wait_for_end(socket);
    }});
    Caller caller;
    auto head = get("/x");
    head.method = "HEAD";
    CHECK(caller.send(server.url(), head)->status == 200);
    CHECK(caller.send(server.url(), get("/x"))->status == 204);
    caller.client.close();
    CHECK(server.accepted() == 1);
}

TEST_CASE("a pooled connection that the peer closed is replaced without anyone noticing") {
    std::promise<void> closed;
    ScriptedServer server(
        {[&](tcp::socket& socket) {
             ScriptedServer::read_request(socket);
             asio::write(socket, asio::buffer(ok));
             socket.close();
             closed.set_value();
         },
         once(std::string(ok))}
    );
    Caller caller;
    CHECK(caller.send(server.url(), get("/1")));
    closed.get_future().wait();
    CHECK(caller.send(server.url(), get("/2")));
    CHECK(server.accepted() == 2);
}

TEST_CASE("over the limit of connections calls wait for a free one, within their deadline") {
    ScriptedServer server({[](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        ScriptedServer::read_request(socket
        );  // only the end comes: the second call never gets here
    }});
    ClientOptions options;
    options.connections_per_origin = 1;
    Caller caller(options);
    std::vector<std::expected<Response, TransportError>> ended;
    for (const auto deadline : {60, 30}) {
        asio::co_spawn(
            caller.loop,
            caller.client.send(server.url(), "p", get("/x"), std::chrono::milliseconds(deadline)),
            [&](std::exception_ptr, auto sent) { ended.push_back(std::move(sent)); }
        );
    }
    while (ended.size() < 2) caller.loop.run_one();
    CHECK(kind_of(ended[0]) == Kind::not_sent);
    CHECK(kind_of(ended[1]) == Kind::timed_out);
}

TEST_CASE("waiting calls get the connection in turn") {
    TestServer server;
    ClientOptions options;
    options.connections_per_origin = 2;
    Caller caller(options);
    std::size_t answered = 0;
    for (int i = 0; i < 50; ++i) {
        asio::co_spawn(
            caller.loop,
            caller.client.send(server.url(), "p", get("/x"), long_enough),
            [&](std::exception_ptr, auto sent) { answered += sent && sent->status == 200; }
        );
    }
    while (caller.loop.run_one() > 0 && answered < 50) continue;
    CHECK(answered == 50);
    CHECK(server.server().connections() == 2);
}

TEST_CASE("an idle connection is closed when its time is over") {
    std::promise<void> ended;
    ScriptedServer server({[&](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        asio::write(socket, asio::buffer(ok));
        ScriptedServer::wait_for_end(socket);
        ended.set_value();
    }});
    ClientOptions options;
    options.idle_timeout = std::chrono::milliseconds(20);
    Caller caller(options);
    CHECK(caller.send(server.url(), get("/x")));
    caller.loop.restart();
    caller.loop.run();  // ends when no connection is left to watch
    ended.get_future().wait();
}
