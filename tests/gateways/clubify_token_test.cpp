#include "gateways/rest/tokens.hpp"
#include "tests/gateways/platform.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;
using namespace vitrine::clubify::testing;
using Kind = CallError::Kind;

namespace {

net::Response unauthorized() {
    return json_answer(401, R"({"message":"bad token"})");
}

struct Signing {
    Result<Answer> send(std::string tenant = "acme") {
        return gateway.run(
            gateway.clubify.send(platform.account(std::move(tenant)), call_of("POST", "/x"))
        );
    }

    Platform platform;
    Gateway gateway;
};

}  // namespace

TEST_CASE("one token serves until 300 seconds before its end") {
    Signing signing;
    CHECK(signing.send());
    signing.gateway.now += std::chrono::seconds(3299);
    CHECK(signing.send());
    CHECK(signing.platform.signed_in().size() == 1);
    signing.gateway.now += std::chrono::seconds(2);
    CHECK(signing.send());
    CHECK(signing.platform.signed_in().size() == 2);
    CHECK(signing.platform.calls().back().headers.find("Authorization") == "Bearer token-2");
}

TEST_CASE("a token that lives shorter than the margin still serves more than one call") {
    Signing signing;
    signing.platform.next_sign_in(json_answer(200, R"({"accessToken":"brief","expiresIn":60})"));
    CHECK(signing.send());
    signing.gateway.now += std::chrono::seconds(29);
    CHECK(signing.send());
    CHECK(signing.platform.signed_in().size() == 1);
}

TEST_CASE("however many calls need a token, there is one sign-in") {
    Platform platform;
    Gateway gateway;
    int answered = 0;
    for (int i = 0; i < 30; ++i) {
        asio::co_spawn(
            gateway.loop,
            gateway.clubify.send(platform.account(), call_of("GET", "/x")),
            [&](std::exception_ptr, auto answer) { answered += answer.has_value(); }
        );
    }
    while (answered < 30 && gateway.loop.run_one() > 0) continue;
    CHECK(answered == 30);
    CHECK(platform.signed_in().size() == 1);
}

TEST_CASE("tenants share no token, and new credentials mean a new sign-in") {
    Signing signing;
    CHECK(signing.send("a"));
    CHECK(signing.send("b"));
    CHECK(signing.platform.signed_in().size() == 2);
    auto account = signing.platform.account("a");
    account.api_key = "clb_live_0123456789abcdef0123456789abcdef";
    CHECK(signing.gateway.run(signing.gateway.clubify.send(account, call_of("GET", "/x"))));
    CHECK(signing.platform.signed_in().size() == 3);
}

TEST_CASE("after a 401 the call is sent once more, with a new token") {
    Signing signing;
    signing.platform.next(unauthorized());
    signing.platform.next(json_answer(201, R"({"n":1})"));
    const auto answer = signing.send();
    REQUIRE(answer);
    CHECK(answer->status == 201);
    const auto calls = signing.platform.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].headers.find("Authorization") == "Bearer token-1");
    CHECK(calls[1].headers.find("Authorization") == "Bearer token-2");
}

TEST_CASE("a second 401 means credentials, and there is no third call") {
    Signing signing;
    for (int i = 0; i < 3; ++i) signing.platform.next(unauthorized());
    const auto answer = signing.send();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == Kind::credentials);
    CHECK(answer.error().status == 401);
    CHECK(signing.platform.calls().size() == 2);
    CHECK(signing.platform.signed_in().size() == 2);
}

TEST_CASE("a sign-in that is refused means credentials, and the call is not sent") {
    const int status = GENERATE(401, 403);
    Signing signing;
    signing.platform.next_sign_in(json_answer(status, R"({"message":"Invalid API key"})"));
    const auto answer = signing.send();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == Kind::credentials);
    CHECK(answer.error().status == status);
    CHECK(
        answer.error().message ==
        Phrase("sign-in: Invalid API key", "início de sessão: Invalid API key")
    );
    CHECK(signing.platform.calls().empty());
}

TEST_CASE("a sign-in that fails otherwise means not_sent, with what the platform said") {
    struct Row {
        net::Response response;
        int status;
    };
    auto busy = json_answer(503, R"({"message":"busy"})");
    busy.headers.add("Retry-After", "9");
    net::Response cut;
    cut.drop = true;
    const auto row = GENERATE_COPY(
        Row{busy, 503},
        Row{json_answer(400, "{}"), 400},
        Row{json_answer(200, "<html>"), 200},
        Row{json_answer(200, R"({"no":"token"})"), 200},
        Row{cut, 0}
    );
    Signing signing;
    const int attempts = row.status == 0 ? RetryOptions().attempts : 1;
    for (int i = 0; i < attempts; ++i) signing.platform.next_sign_in(row.response);
    const auto answer = signing.send();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == Kind::not_sent);
    CHECK(answer.error().status == row.status);
    CHECK(signing.platform.signed_in().size() == static_cast<std::size_t>(attempts));
    CHECK(signing.platform.calls().empty());
    if (row.status == 503) CHECK(answer.error().retry_after == std::chrono::seconds(9));
    // The failure is not kept: the next call signs in again.
    CHECK(signing.send());
}

TEST_CASE("a call in a hurry gives up the sign-in for itself only") {
    std::promise<void> go;
    net::testing::ScriptedServer server({[&](net::testing::tcp::socket& socket) {
        using Server = net::testing::ScriptedServer;
        Server::read_request(socket);
        go.get_future().wait();
        const std::string token = R"({"access_token":"t","expires_in":3600})";
        const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: ";
        char body[200];
        net::testing::error_code error;
        socket.read_some(asio::buffer(body), error);
        asio::write(socket, asio::buffer(head + std::to_string(token.size()) + "\r\n\r\n" + token));
        Server::read_request(socket);
        asio::write(socket, asio::buffer(head + "15\r\n\r\n{\"status\":\"ok\"}"));
        Server::wait_for_end(socket);
    }});
    Gateway gateway;
    Account account;
    account.tenant = TenantId("acme");
    account.base = server.url();
    account.api_key = api_key;

    const auto hurried = gateway.run(gateway.clubify.check(account, std::chrono::milliseconds(30)));
    REQUIRE_FALSE(hurried);
    CHECK(hurried.error().kind == Kind::not_sent);
    go.set_value();
    CHECK(gateway.run(gateway.clubify.check(account, std::chrono::milliseconds(0))));
    CHECK(server.accepted() == 1);
    gateway.clubify.close();
}

TEST_CASE("a sign-in that fails before it has waited for anything is told as any other") {
    asio::io_context loop;
    int signs_in = 0;
    const auto tokens = std::make_shared<rest::Tokens>(
        loop.get_executor(),
        system_clock(),
        [&]() -> asio::awaitable<Result<rest::Token>> {
            ++signs_in;
            CallError held;
            held.kind = Kind::not_sent;
            held.message = Phrase("calls are held back", "chamadas retidas");
            co_return std::unexpected(held);
        }
    );
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    const auto token = net::testing::run(loop, tokens->get(until));
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == Kind::not_sent);
    CHECK_FALSE(net::testing::run(loop, tokens->get(until)));
    CHECK(signs_in == 2);  // the first is over, and does not count for the next
}
