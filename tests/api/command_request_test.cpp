#include "api/http/command_request.hpp"

#include "api/http/router.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;

namespace {

/// A request as the server hands it over, taken as far as its route.
class Posted {
public:
    Posted(
        std::string method, std::string target, net::Headers headers = {}, std::string body = {}
    ) {
        request_.method = std::move(method);
        request_.target = std::move(target);
        request_.headers = std::move(headers);
        request_.body = std::move(body);
    }

    std::expected<commands::CommandRequest, net::Response> read() const {
        static const Router router(routes());
        Call call(request_);
        auto found = router.find(request_.method, call.path);
        call.route = found.route;
        call.captures = std::move(found.captures);
        call.query = net::parse_target(request_.target)->query;
        return command_request(call);
    }

    int status() const {
        const auto read_request = read();
        return read_request ? 0 : read_request.error().status;
    }

private:
    net::Request request_;
};

}  // namespace

TEST_CASE("a command is made of route, path, body and head") {
    const Posted posted(
        "PUT",
        "/v1/offers/o/products/p?dry_run=true",
        {{"Content-Type", "application/json"}, {"Idempotency-Key", "k"}, {"If-Match", "\"4\""}},
        R"({"quantity":2})"
    );
    const auto request = posted.read().value();
    CHECK(request.name == "ChangeProductInOffer");
    CHECK(request.method == "PUT");
    CHECK(request.path == "/v1/offers/o/products/p");
    CHECK(request.entity_id == "o");
    CHECK(request.product_id == "p");
    CHECK(request.body == R"({"quantity":2})");
    CHECK(request.idempotency_key == "k");
    CHECK(request.if_match == 4);
    CHECK(request.dry_run);
}

TEST_CASE("a body must say that it is JSON; no body need not") {
    CHECK(Posted("POST", "/v1/offers", {}, "{}").status() == 415);
    CHECK(Posted("POST", "/v1/offers", {{"Content-Type", "text/plain"}}, "{}").status() == 415);
    CHECK(Posted("POST", "/v1/offers/o/pause").status() == 0);
    CHECK(Posted("POST", "/v1/offers/o/pause", {{"Content-Type", "text/plain"}}).status() == 0);
}

TEST_CASE("an idempotency key that is empty, long, odd or repeated is refused") {
    const auto status = [](net::Headers headers) {
        return Posted("POST", "/v1/offers", std::move(headers)).status();
    };
    CHECK(status({{"Idempotency-Key", std::string(255, 'k')}}) == 0);
    CHECK(status({{"Idempotency-Key", std::string(256, 'k')}}) == 400);
    CHECK(status({{"Idempotency-Key", ""}}) == 400);
    CHECK(status({{"Idempotency-Key", "a b"}}) == 400);
    CHECK(status({{"Idempotency-Key", "a"}, {"idempotency-key", "a"}}) == 400);
}

TEST_CASE("If-Match: * holds for whatever exists, never for what is being created") {
    const net::Headers star{{"If-Match", "*"}};
    CHECK_FALSE(Posted("POST", "/v1/offers/o/pause", star).read().value().if_match);
    CHECK(Posted("POST", "/v1/offers", star).read().value().if_match.value_or(0) != 0);
    CHECK(Posted("POST", "/v1/offers/o/pause", {{"If-Match", "1"}}).status() == 400);
    CHECK(
        Posted("POST", "/v1/offers/o/pause", {{"If-Match", "\"1\""}, {"If-Match", "\"2\""}})
            .status() == 400
    );
}

TEST_CASE("dry_run is true or false") {
    CHECK(Posted("POST", "/v1/offers?dry_run=true").read().value().dry_run);
    CHECK_FALSE(Posted("POST", "/v1/offers?dry_run=false").read().value().dry_run);
    CHECK_FALSE(Posted("POST", "/v1/offers").read().value().dry_run);
    CHECK(Posted("POST", "/v1/offers?dry_run=1").status() == 422);
    CHECK(Posted("POST", "/v1/offers?dry_run").status() == 422);
}
