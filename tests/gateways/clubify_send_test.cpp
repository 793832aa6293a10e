#include "tests/gateways/platform.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::clubify;
using namespace vitrine::clubify::testing;
using Kind = CallError::Kind;

namespace {

CallError error_of(const Result<Answer>& answer) {
    REQUIRE_FALSE(answer);
    CHECK_FALSE(answer.error().message.empty());
    CHECK(answer.error().message.english().find(api_key) == std::string::npos);
    return answer.error();
}

/// What the gateway makes of one answer of the platform.
CallError error_for(net::Response response) {
    Platform platform;
    platform.next(std::move(response));
    Gateway gateway;
    return error_of(gateway.run(gateway.clubify.send(platform.account(), call_of("POST", "/x"))));
}

}  // namespace

TEST_CASE("a call carries token, account and the caller's own headers") {
    Platform platform;
    platform.next(json_answer(201, R"({"_id":"o1"})"));
    Gateway gateway;
    auto call = call_of("POST", "/offers", R"({"name":"x"})");
    call.idempotency_key = "key-1";
    call.correlation_id = "corr-1";
    call.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const auto answer = gateway.run(gateway.clubify.send(platform.account(), call));
    REQUIRE(answer);
    CHECK(answer->status == 201);
    CHECK(answer->body.text == R"({"_id":"o1"})");

    REQUIRE(platform.calls().size() == 1);
    const auto request = platform.calls().front();
    CHECK(request.method == "POST");
    CHECK(request.target == "/api/v1/offers");
    CHECK(request.body == R"({"name":"x"})");
    CHECK(request.headers.find("Authorization") == "Bearer token-1");
    CHECK(request.headers.find("Content-Type") == "application/json");
    CHECK(request.headers.find("Accept") == "application/json");
    CHECK(request.headers.find("User-Agent") == "ClubifyCheckoutSDK-CPP/0.1.0");
    CHECK(request.headers.find("X-SDK-Version") == "0.1.0");
    CHECK(request.headers.find("X-SDK-Language") == "cpp");
    CHECK(request.headers.find("X-Tenant-Id") == "65f000000000000000000001");
    CHECK(request.headers.find("X-Organization-Id") == "65f0000000000000000000aa");
    CHECK(request.headers.find("Idempotency-Key") == "key-1");
    CHECK(request.headers.find("X-Request-Id") == "corr-1");
    CHECK(request.headers.find("traceparent") == call.traceparent);

    REQUIRE(platform.signed_in().size() == 1);
    const auto sign_in = platform.signed_in().front();
    CHECK(sign_in.method == "POST");
    CHECK(sign_in.headers.find("Authorization") == std::nullopt);
    CHECK(
        sign_in.body == R"({"api_key":")" + api_key +
                            R"(","tenant_id":"65f000000000000000000001","grant_type":"api_key"})"
    );
}

TEST_CASE("only POST carries an idempotency key, and no organization means no header") {
    Platform platform;
    Gateway gateway;
    auto account = platform.account();
    account.organization_id.clear();
    auto call = call_of("PUT", "/offers/x", "{}");
    call.idempotency_key = "key-1";
    CHECK(gateway.run(gateway.clubify.send(account, call)));
    const auto request = platform.calls().front();
    CHECK(request.headers.find("Idempotency-Key") == std::nullopt);
    CHECK(request.headers.find("X-Organization-Id") == std::nullopt);
}

TEST_CASE("a 2xx answer without a body is null, one that is not JSON is unknown") {
    Platform platform;
    platform.next(json_answer(204, ""));
    platform.next(json_answer(200, " \n"));
    platform.next(json_answer(200, "<html>"));
    Gateway gateway;
    const auto send = [&] {
        return gateway.run(gateway.clubify.send(platform.account(), call_of("DELETE", "/x")));
    };
    CHECK(send()->body.text == "null");
    CHECK(send()->body.text == "null");
    const auto error = error_of(send());
    CHECK(error.kind == Kind::unknown);
    CHECK(error.status == 200);
}

TEST_CASE("each status means what it says about the effect") {
    struct Row {
        int status;
        Kind kind;
    };
    const auto row = GENERATE(
        Row{400, Kind::refused},
        Row{404, Kind::refused},
        Row{409, Kind::refused},
        Row{410, Kind::refused},
        Row{422, Kind::refused},
        Row{403, Kind::credentials},
        Row{408, Kind::unavailable},
        Row{429, Kind::unavailable},
        Row{500, Kind::unavailable},
        Row{502, Kind::unavailable},
        Row{503, Kind::unavailable},
        Row{504, Kind::unavailable},
        Row{307, Kind::unknown}
    );
    CAPTURE(row.status);
    const auto error = error_for(json_answer(row.status, R"({"message":"own words"})"));
    CHECK(error.kind == row.kind);
    CHECK(error.status == row.status);
    CHECK(error.message == Phrase::as_is("own words"));
    CHECK(error.retry_after == std::nullopt);
}

TEST_CASE("the platform's words are found in every shape of its errors") {
    struct Row {
        const char* body;
        const char* message;
    };
    const auto row = GENERATE(
        Row{R"({"message":"m","error":"e","statusCode":400})", "m"},
        Row{R"({"error":"e"})", "e"},
        Row{R"({"message":["name too short","slug taken"],"error":"Bad Request"})",
            "name too short; slug taken"},
        Row{R"({"error":{"message":"inner"}})", "inner"},
        Row{R"({"message":null,"error":"e"})", "e"},
        Row{"<html>", "Bad Request"},
        Row{"[]", "Bad Request"},
        Row{"", "Bad Request"}
    );
    CAPTURE(row.body);
    CHECK(error_for(json_answer(400, row.body)).message.english() == row.message);
}

TEST_CASE("a message is bounded and never repeats a secret") {
    const auto error =
        error_for(json_answer(400, R"({"message":"bad key )" + api_key + R"( or token-1"})"));
    CHECK(error.message == Phrase::as_is("bad key *** or ***"));
    CHECK(
        error_for(json_answer(400, R"({"message":")" + std::string(5000, 'm') + "\"}"))
            .message.english()
            .size() < 600
    );
}

TEST_CASE("Retry-After is seconds or a date") {
    struct Row {
        const char* value;
        std::optional<int> seconds;
    };
    // The gateway's clock stands at 2011-03-13T07:06:40Z.
    const auto row = GENERATE(
        Row{"7", 7},
        Row{"0", 0},
        Row{"Sun, 13 Mar 2011 07:07:10 GMT", 30},
        Row{"Sun, 13 Mar 2011 07:00:00 GMT", 0},
        Row{"-5", 0},
        Row{"soon", std::nullopt},
        Row{"7 s", std::nullopt},
        Row{"99999999999", 86400}
    );
    CAPTURE(row.value);
    auto response = json_answer(503, "{}");
    response.headers.add("Retry-After", row.value);
    const auto error = error_for(std::move(response));
    REQUIRE(error.retry_after.has_value() == row.seconds.has_value());
    if (row.seconds) CHECK(error.retry_after->count() == *row.seconds);
}

TEST_CASE("a refused connection is not_sent") {
    Gateway gateway;
    Account account;
    {
        Platform platform;
        account = platform.account();
    }
    const auto error = error_of(gateway.run(gateway.clubify.send(account, call_of("POST", "/x"))));
    CHECK(error.kind == Kind::not_sent);
    CHECK(error.status == 0);
}

TEST_CASE("a connection cut after the call is unknown") {
    net::Response cut;
    cut.drop = true;
    const auto error = error_for(cut);
    CHECK(error.kind == Kind::unknown);
    CHECK(error.status == 0);
}

TEST_CASE("an answer that never comes is unknown at the deadline") {
    net::testing::ScriptedServer server({[](net::testing::tcp::socket& socket) {
        using Server = net::testing::ScriptedServer;
        Server::read_request(socket);
        char body[200];
        net::testing::error_code error;
        socket.read_some(asio::buffer(body), error);
        const std::string token = R"({"accessToken":"t"})";
        const std::string answer =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(token.size()) + "\r\n\r\n" +
            token;
        asio::write(socket, asio::buffer(answer));
        Server::read_request(socket);
        Server::wait_for_end(socket);
    }});
    Options options;
    options.call_deadline = std::chrono::milliseconds(100);
    Gateway gateway(options);
    Account account;
    account.tenant = TenantId("acme");
    account.base = server.url();
    account.api_key = api_key;
    const auto error = error_of(gateway.run(gateway.clubify.send(account, call_of("POST", "/x"))));
    CHECK(error.kind == Kind::unknown);
}

TEST_CASE("calls over the tenant's bound wait, and none is lost") {
    Platform platform;
    Options options;
    options.calls_per_tenant = 2;
    Gateway gateway(options);
    int answered = 0;
    for (int i = 0; i < 20; ++i) {
        asio::co_spawn(
            gateway.loop,
            gateway.clubify.send(platform.account(), call_of("GET", "/x/" + std::to_string(i))),
            [&](std::exception_ptr, auto answer) { answered += answer.has_value(); }
        );
    }
    while (answered < 20 && gateway.loop.run_one() > 0) continue;
    CHECK(answered == 20);
    CHECK(platform.calls().size() == 20);
}
