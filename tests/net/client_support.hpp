#pragma once

#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::net::testing {

constexpr std::chrono::milliseconds long_enough{20'000};
constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

inline Request get(std::string target) {
    Request request;
    request.method = "GET";
    request.target = std::move(target);
    return request;
}

inline Request post(std::string target, std::string body) {
    Request request = get(std::move(target));
    request.method = "POST";
    request.body = std::move(body);
    return request;
}

/// A client on a loop that the test runs itself.
struct Caller {
    explicit Caller(ClientOptions options = {}) : client(loop.get_executor(), options) {}

    std::expected<Response, TransportError> send(
        BaseUrl base,
        Request request,
        std::chrono::milliseconds deadline = long_enough,
        std::string partition = "p"
    ) {
        return run(
            loop, client.send(std::move(base), std::move(partition), std::move(request), deadline)
        );
    }

    asio::io_context loop;
    Client client;
};

/// Answers each request on its connection with `answer`, until the client goes.
inline ScriptedServer::Step answering(std::string answer) {
    return [answer](tcp::socket& socket) {
        while (!ScriptedServer::read_request(socket).empty()) {
            error_code error;
            asio::write(socket, asio::buffer(answer), error);
        }
    };
}

/// Answers one request with exactly these bytes and closes.
inline ScriptedServer::Step once(std::string answer) {
    return [answer](tcp::socket& socket) {
        ScriptedServer::read_request(socket);
        error_code error;
        asio::write(socket, asio::buffer(answer), error);
    };
}

inline TransportError::Kind kind_of(const std::expected<Response, TransportError>& sent) {
    REQUIRE_FALSE(sent);
    CHECK_FALSE(sent.error().detail.empty());
    return sent.error().kind;
}

}  // namespace vitrine::net::testing
