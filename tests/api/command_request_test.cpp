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
        call.conditions = read_conditions(request_.headers).value();
        // Of the tags with facts those with 602 were given.
        return command_request(call, [](const Call&, const VersionTag& tag) {
            return tag.facts == 602;
        });
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
    CHECK(request.item_id == "p");
    CHECK(request.body == R"({"quantity":2})");
    CHECK(request.idempotency_key == "k");
    CHECK(request.precondition.match == commands::NamedVersions{false, {4}});
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

TEST_CASE("a precondition holds of a version by RFC 9110") {
    const auto failure = [](net::Headers headers, Version version) {
        const auto request = Posted("POST", "/v1/offers/o/pause", std::move(headers)).read();
        return request.value().precondition.failure(version).has_value();
    };
    CHECK_FALSE(failure({}, 0));
    CHECK_FALSE(failure({{"If-Match", "*"}}, 3));
    CHECK(failure({{"If-Match", "*"}}, 0));
    CHECK_FALSE(failure({{"If-Match", R"("1", "3")"}}, 3));
    CHECK_FALSE(failure({{"If-Match", R"("1")"}, {"If-Match", R"("3")"}}, 3));
    CHECK(failure({{"If-Match", R"(W/"3")"}}, 3));
    CHECK(failure({{"If-Match", R"("abc")"}}, 3));
    CHECK(failure({{"If-None-Match", "*"}}, 3));
    CHECK_FALSE(failure({{"If-None-Match", "*"}}, 0));
    CHECK(failure({{"If-None-Match", R"("1", W/"3")"}}, 3));
    CHECK_FALSE(failure({{"If-None-Match", R"("1")"}}, 3));
    CHECK(failure({{"If-Match", R"("3")"}, {"If-None-Match", R"("3")"}}, 3));
    CHECK_FALSE(failure({{"If-Match", R"("3.602", "5.602")"}}, 3));
    CHECK(failure({{"If-Match", R"("3.5")"}}, 3));
    CHECK(failure({{"If-None-Match", R"("3.602")"}}, 3));
    CHECK_FALSE(failure({{"If-None-Match", R"("3.5")"}}, 3));
    CHECK(failure({{"If-Match", ""}}, 3));
    CHECK_FALSE(failure({{"If-None-Match", ""}}, 3));
}

TEST_CASE("a path that is escaped without need is the same request") {
    const auto path = [](std::string target) {
        return Posted("PUT", std::move(target)).read().value().path;
    };
    CHECK(path("/v1/%6fffers/%61/products/p") == "/v1/offers/a/products/p");
    CHECK(path("/v1/offers/a%2Fb/products/p") == "/v1/offers/a%2Fb/products/p");
}

TEST_CASE("dry_run is true or false") {
    CHECK(Posted("POST", "/v1/offers?dry_run=true").read().value().dry_run);
    CHECK_FALSE(Posted("POST", "/v1/offers?dry_run=false").read().value().dry_run);
    CHECK_FALSE(Posted("POST", "/v1/offers").read().value().dry_run);
    CHECK(Posted("POST", "/v1/offers?dry_run=1").status() == 422);
    CHECK(Posted("POST", "/v1/offers?dry_run").status() == 422);
}
