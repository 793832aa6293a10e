#include "api/http/conditional.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;

namespace {

/// What becomes of an answer with this ETag (none: empty) under the conditions.
net::Response heeded(std::string etag, net::Headers conditions, std::string method = "GET") {
    net::Request request;
    request.method = std::move(method);
    request.target = "/v1/offers/x";
    Call call(request);
    call.conditions = read_conditions(conditions).value();
    net::Response response;
    response.headers = {
        {"Content-Type", "application/json"},
        {"Content-Encoding", "gzip"},
        {"Vary", "Origin, Accept-Encoding"},
        {"Cache-Control", "no-cache"},
        {"X-Vitrine-Position", "9"}
    };
    if (!etag.empty()) response.headers.add("ETag", std::move(etag));
    response.body = "body";
    heed_conditions(call, response);
    return response;
}

int status(std::string etag, net::Headers conditions, std::string method = "GET") {
    return heeded(std::move(etag), std::move(conditions), std::move(method)).status;
}

}  // namespace

TEST_CASE("304 goes to who has it already, with all that the 200 says of caching") {
    const auto response = heeded("\"2\"", {{"If-None-Match", R"("1", W/"2")"}});
    CHECK(response.status == 304);
    CHECK(response.body.empty());
    CHECK(response.headers.find("ETag") == "\"2\"");
    CHECK(response.headers.find("Vary") == "Origin, Accept-Encoding");
    CHECK(response.headers.find("Cache-Control") == "no-cache");
    CHECK(response.headers.find("X-Vitrine-Position") == "9");
    CHECK_FALSE(response.headers.find("Content-Type"));
    CHECK_FALSE(response.headers.find("Content-Encoding"));
}

TEST_CASE("reads heed If-None-Match weakly and If-Match strongly, If-Match first") {
    CHECK(status("\"2\"", {}) == 200);
    CHECK(status("\"2\"", {{"If-None-Match", "*"}}, "HEAD") == 304);
    CHECK(status("\"2\"", {{"If-None-Match", "\"1\""}}) == 200);
    // It is there, though it has no ETag.
    CHECK(status("", {{"If-None-Match", "*"}}) == 304);
    CHECK(status("", {{"If-Match", "*"}}) == 200);
    CHECK(status("", {{"If-None-Match", "\"1\""}}) == 200);
    CHECK(status("\"2\"", {{"If-Match", "\"2\""}}) == 200);
    CHECK(status("\"2\"", {{"If-Match", "*"}}) == 200);
    CHECK(status("\"2\"", {{"If-Match", "W/\"2\""}}) == 412);
    CHECK(status("\"2\"", {{"If-Match", "\"1\""}, {"If-None-Match", "\"2\""}}) == 412);
    CHECK(status("\"2\"", {{"If-Match", "\"2\""}, {"If-None-Match", "\"2\""}}) == 304);
    CHECK(status("", {{"If-Match", "\"2\""}}) == 412);
    CHECK(status("\"2\"", {{"If-None-Match", "\"2\""}}, "POST") == 200);
}

TEST_CASE("If-Match takes the version of an offer alone too, If-None-Match only what it shows") {
    const std::string told = "\"1.148\"";
    CHECK(status(told, {{"If-Match", told}}) == 200);
    CHECK(status(told, {{"If-Match", "\"1\""}}) == 200);
    CHECK(status(told, {{"If-Match", "\"1-gzip\""}}) == 200);
    CHECK(status(told, {{"If-Match", "\"1.148-gzip\""}}) == 200);
    CHECK(status(told, {{"If-Match", "\"1.5\""}}) == 412);
    CHECK(status(told, {{"If-Match", "W/\"1\""}}) == 412);
    CHECK(status("\"1\"", {{"If-Match", told}}) == 412);
    CHECK(status(told, {{"If-None-Match", "\"1\""}}) == 200);
}

TEST_CASE("a stream that the caller has already is not begun") {
    net::Request request;
    request.method = "GET";
    Call call(request);
    call.conditions = read_conditions({{"If-None-Match", "*"}}).value();
    net::Response response;
    response.stream = [](net::BodyWriter&) -> boost::asio::awaitable<void> { co_return; };
    heed_conditions(call, response);
    CHECK(response.status == 304);
    CHECK_FALSE(response.stream);
}

TEST_CASE("where nothing has a version no If-Match holds") {
    Route adoption;
    const auto unmet = [&](std::string method, net::Headers conditions) {
        net::Request request;
        request.method = std::move(method);
        request.target = "/v1/adoptions";
        Call call(request);
        call.route = &adoption;
        call.conditions = read_conditions(conditions).value();
        return unmet_condition(call).has_value();
    };
    CHECK(unmet("POST", {{"If-Match", "\"1\""}}));
    CHECK(unmet("POST", {{"If-Match", "*"}}));
    CHECK_FALSE(unmet("POST", {{"If-None-Match", "*"}}));
    CHECK_FALSE(unmet("POST", {}));
    CHECK_FALSE(unmet("GET", {{"If-Match", "\"1\""}}));
    adoption.command = &commands::definitions().front();
    CHECK_FALSE(unmet("POST", {{"If-Match", "\"1\""}}));
}

TEST_CASE("412 on a read tells the present version") {
    const auto response = heeded("\"2\"", {{"If-Match", "\"1\""}});
    CHECK(response.headers.find("ETag") == "\"2\"");
    CHECK(response.headers.find("Content-Type") == "application/problem+json");
    CHECK(response.body.contains("/problems/version-mismatch"));
}
