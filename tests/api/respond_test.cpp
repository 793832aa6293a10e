#include "api/http/respond.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::api;
using Json = nlohmann::json;
using namespace std::chrono_literals;

namespace {

net::Request get(std::string target, net::Headers headers = {}) {
    net::Request request;
    request.method = "GET";
    request.target = std::move(target);
    request.headers = std::move(headers);
    return request;
}

std::string header(const net::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or("none"));
}

queries::Answer answer_at(Version version) {
    queries::Answer answer;
    answer.body = R"({"a":1})";
    answer.version = version;
    answer.position = 9;
    return answer;
}

}  // namespace

TEST_CASE("a command's answer tells version, position, place and replay in its head") {
    const auto request = get("/v1/offers");
    commands::CommandReply reply;
    reply.status = 201;
    reply.body = "{}";
    reply.version = 1;
    reply.position = 7;
    reply.location = "/v1/offers/x";
    reply.replayed = true;
    reply.command_id = CommandId("c");
    const auto response = reply_response(reply, Call(request));
    CHECK(response.status == 201);
    CHECK(header(response, "ETag") == "\"1\"");
    CHECK(header(response, "X-Vitrine-Position") == "7");
    CHECK(header(response, "Location") == "/v1/offers/x");
    CHECK(header(response, "Idempotency-Replayed") == "true");
    CHECK(header(response, "X-Correlation-Id") == "c");
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(header(response, "Retry-After") == "none");
}

TEST_CASE("a refused command is a problem document that names the request's path") {
    const auto request = get("/v1/offers/x/pause?dry_run=false");
    commands::Problem problem;
    problem.type = "illegal-transition";
    commands::CommandReply reply;
    reply.status = 409;
    reply.body = problem.to_json(Language::english);
    reply.retry_after = 3s;
    const auto response = reply_response(reply, Call(request));
    CHECK(header(response, "Content-Type") == "application/problem+json");
    CHECK(header(response, "Retry-After") == "3");
    CHECK(Json::parse(response.body)["instance"] == "/v1/offers/x/pause");
}

TEST_CASE("an instance that a problem has stays, and a path that is no JSON text adds none") {
    commands::CommandReply reply;
    reply.status = 409;
    reply.body = R"({"instance":"/v1/commands/c"})";
    const auto request = get("/v1/offers");
    CHECK(Json::parse(reply_response(reply, Call(request)).body)["instance"] == "/v1/commands/c");
    reply.body = R"({"status":409})";
    const auto odd = get("/v1/off\"ers");
    CHECK(Json::parse(reply_response(reply, Call(odd)).body) == Json{{"status", 409}});
}

TEST_CASE("the next page is the same request with the new cursor") {
    const auto request = get("/v1/offers?q=a%26b&cursor=old&limit=1");
    Call call(request);
    call.query = net::parse_target(request.target)->query;
    auto answer = answer_at(1);
    answer.next_cursor = "n/w";
    CHECK(
        header(answer_response(answer, call), "Link") ==
        "</v1/offers?q=a%26b&limit=1&cursor=n%2Fw>; rel=\"next\""
    );
}

TEST_CASE("the next page is named as it is written, however this one was asked for") {
    const auto request = get("/v1/%6fffers/a%2fb/events");
    Call call(request);
    Route history;
    history.pattern = "/v1/offers/{id}/events";
    call.route = &history;
    call.captures = {"a/b"};
    auto answer = answer_at(1);
    answer.next_cursor = "n";
    CHECK(
        header(answer_response(answer, call), "Link") ==
        "</v1/offers/a%2Fb/events?cursor=n>; rel=\"next\""
    );
}

TEST_CASE("a problem is told in the language of the request, and says so") {
    auto request = get("/v1/offers");
    request.headers.add("Accept-Language", "pt-BR, en;q=0.5");
    const Call call(request);
    const auto response = invalid_response(call, {{"/name", "required", {"is required", "falta"}}});
    CHECK(header(response, "Content-Language") == "pt-BR");
    CHECK(header(response, "Vary") == "Accept-Language");
    const auto problem = Json::parse(response.body);
    CHECK(problem["title"] == "A requisição viola uma regra");
    CHECK(problem["errors"][0]["detail"] == "falta");
    CHECK(problem["errors"][0]["code"] == "required");
    request.headers.set("Accept-Language", "de");
    CHECK(header(problem_response("not-found", Call(request)), "Content-Language") == "en");
}

TEST_CASE("415 says what is taken") {
    const auto request = get("/v1/offers");
    const Call call(request);
    CHECK(header(problem_response("unsupported-media-type", call), "Accept") == "application/json");
    const auto coded = problem_response("unsupported-content-encoding", call);
    CHECK(coded.status == 415);
    CHECK(header(coded, "Accept-Encoding") == "identity");
}

TEST_CASE("a stored refusal is told in the language of whoever asks again") {
    commands::Problem problem;
    problem.type = "clubify-refused";
    problem.detail = {"no", "não"};
    commands::CommandReply reply;
    reply.status = 422;
    reply.body = problem.to_stored().dump();
    auto request = get("/v1/offers/x");
    const auto told = [&] { return Json::parse(reply_response(reply, Call(request)).body); };
    CHECK(told()["detail"] == "no");
    CHECK_FALSE(told().contains("pt-BR"));
    request.headers.add("Accept-Language", "pt");
    CHECK(told()["detail"] == "não");
    CHECK(told()["title"] == "A Clubify recusou o pedido");
    CHECK_FALSE(told().contains("pt-BR"));
}

TEST_CASE("a query's error is the problem of its kind") {
    using Kind = queries::QueryError::Kind;
    const auto request = get("/v1/offers");
    // One that the page of its type lacks would throw.
    const auto status = [&](Kind kind, std::optional<std::chrono::seconds> retry = {}) {
        return error_response({kind, Phrase::as_is("why"), {}, retry}, Call(request)).status;
    };
    CHECK(status(Kind::not_found) == 404);
    CHECK(status(Kind::invalid) == 422);
    CHECK(status(Kind::not_ready, 1s) == 503);
    CHECK(status(Kind::refused) == 422);
    CHECK(status(Kind::credentials) == 502);
    CHECK(status(Kind::unavailable) == 502);
    CHECK(status(Kind::unavailable, 1s) == 503);
    CHECK(status(Kind::timed_out) == 504);
}

TEST_CASE("what the server refuses is a problem document, and 401 says how to sign in") {
    const auto request = get("/v1/offers?x=1");
    CHECK(refusal_response(net::Refusal::malformed, request).status == 400);
    CHECK(refusal_response(net::Refusal::body_too_large, request).status == 413);
    CHECK(refusal_response(net::Refusal::header_too_large, request).status == 431);
    CHECK(refusal_response(net::Refusal::timed_out, request).status == 408);
    const auto large = refusal_response(net::Refusal::body_too_large, request);
    CHECK(large.body.find("\"instance\":\"/v1/offers\"") != std::string::npos);
    const auto response = problem_response("unauthorized", Call(request));
    CHECK(header(response, "WWW-Authenticate").starts_with("Bearer"));
    CHECK(Json::parse(response.body)["instance"] == "/v1/offers");
}
