#include "gateways/webhooks_out/sender.hpp"

#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::webhooks_out;
using net::testing::TestServer;

namespace {

using Kind = Outcome::Kind;

const auto now = Timestamp(std::chrono::seconds(1795435200));
const Message message{"id-1", "OfferCreated", R"({"id":"id-1"})"};
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Sends to a server that answers so, and keeps what came.
struct Sent {
    explicit Sent(net::Response answer, Receivers receivers = Receivers::private_too) {
        TestServer server([this, answer](net::Request request) {
            got.push_back(std::move(request));
            return answered(answer);
        });
        boost::asio::io_context loop;
        Sender sender(loop.get_executor(), {.receivers = receivers}, [] { return now; });
        outcome = net::testing::run(
            loop,
            sender.send(
                TenantId("acme"), server.url().str() + "/hook?shop=1", message, {{secret}, ""}
            )
        );
    }

    static boost::asio::awaitable<net::Response> answered(net::Response answer) {
        co_return answer;
    }

    std::vector<net::Request> got;
    Outcome outcome;
};

net::Response answer(int status, net::Headers headers = {}) {
    net::Response response;
    response.status = status;
    response.headers = std::move(headers);
    return response;
}

}  // namespace

TEST_CASE("a message is posted as it is, and any 2xx takes it", "[webhooks_out]") {
    const Sent sent(answer(204));
    CHECK(sent.outcome.kind == Kind::taken);
    CHECK(sent.outcome.status == 204);
    REQUIRE(sent.got.size() == 1);
    CHECK(sent.got[0].method == "POST");
    CHECK(sent.got[0].target == "/hook?shop=1");
    CHECK(sent.got[0].body == message.body);
    CHECK(sent.got[0].headers.find("webhook-id") == "id-1");
}

TEST_CASE(
    "410 is gone, a redirection is refused and not followed, the rest is refused too",
    "[webhooks_out]"
) {
    CHECK(Sent(answer(410)).outcome.kind == Kind::gone);
    const Sent moved(answer(307, {{"Location", "/other"}}));
    CHECK(moved.outcome.kind == Kind::refused);
    CHECK(moved.got.size() == 1);
    for (const int status : {400, 401, 404, 429, 500, 502, 503, 504}) {
        CAPTURE(status);
        CHECK(Sent(answer(status)).outcome.kind == Kind::refused);
    }
}

TEST_CASE("what the receiver says of when to come again is told", "[webhooks_out]") {
    using namespace std::chrono_literals;
    CHECK(Sent(answer(429, {{"Retry-After", "120"}})).outcome.retry_after == 120s);
    const auto later = "Mon, 23 Nov 2026 12:00:10 GMT";
    CHECK(Sent(answer(503, {{"Retry-After", later}})).outcome.retry_after == 10s);
    CHECK_FALSE(Sent(answer(503)).outcome.retry_after);
}

TEST_CASE("this side is not called unless the operator allows it", "[webhooks_out]") {
    const Sent sent(answer(200), Receivers::of_the_internet);
    CHECK(sent.outcome.kind == Kind::not_sent);
    CHECK(sent.got.empty());
}
