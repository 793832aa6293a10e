#include "api/http/respond.hpp"

#include <algorithm>

namespace vitrine::api {
namespace {

constexpr const char* problem_type_name = "application/problem+json";

std::string quoted(Version version) {
    return '"' + std::to_string(version) + '"';
}

/// The version or, where others than the stream have told something since, that too: "3.602".
std::string etag_of(const queries::Answer& answer) {
    const auto version = std::to_string(*answer.version);
    return '"' + (answer.facts == 0 ? version : version + '.' + std::to_string(answer.facts)) + '"';
}

/// True if the path can stand in a JSON string as it is. (One that cannot is no path of ours.)
bool is_plain(std::string_view path) {
    return std::ranges::all_of(path, [](char c) {
        return c > ' ' && c < 127 && c != '"' && c != '\\';
    });
}

std::string instance_of(std::string_view path) {
    return is_plain(path) ? std::string(path) : std::string();
}

/// A stored problem does not name the request that meets it: the instance is added here.
void add_instance(std::string& problem, std::string_view path) {
    if (problem.empty() || problem.back() != '}' || !is_plain(path)) return;
    if (problem.find("\"instance\":") != std::string::npos) return;
    problem.pop_back();
    problem.append(",\"instance\":\"").append(path).append("\"}");
}

/// A refusal, or a success with an activation that has failed.
bool tells_problem(std::string_view body) {
    return body.contains("\"/problems/");
}

/// The same request for the next page.
std::string next_link(const Call& call, const std::string& cursor) {
    auto target = call.plain_path();
    char separator = '?';
    const auto add = [&](std::string_view name, std::string_view value) {
        target += separator;
        target.append(net::percent_encode(name)).append("=").append(net::percent_encode(value));
        separator = '&';
    };
    for (const auto& [name, value] : call.query) {
        if (name != "cursor") add(name, value);
    }
    add("cursor", cursor);
    return '<' + target + ">; rel=\"next\"";
}

commands::Problem problem_of(queries::QueryError error) {
    using Kind = queries::QueryError::Kind;
    commands::Problem problem;
    problem.detail = std::move(error.detail);
    problem.faults = std::move(error.faults);
    problem.retry_after = error.retry_after;
    switch (error.kind) {
        case Kind::not_found:
            problem.type = "not-found";
            break;
        case Kind::invalid:
            problem.type = "validation-failed";
            break;
        case Kind::given_up:
            problem.type = "version-given-up";
            break;
        case Kind::not_ready:
            problem.type = "not-ready";
            break;
        case Kind::refused:
            problem.type = "clubify-refused";
            break;
        case Kind::credentials:
            problem.type = "clubify-credentials";
            break;
        case Kind::unavailable:
            problem.type = "clubify-unavailable";
            if (problem.retry_after) problem.status = 503;
            break;
        case Kind::timed_out:
            problem.type = "clubify-unavailable";
            problem.status = 504;
            break;
    }
    return problem;
}

}  // namespace

void name_language(net::Response& response, Language language) {
    response.headers.add("Content-Language", std::string(language_tag(language)));
    response.headers.append("Vary", "Accept-Language");
}

net::Response json_response(std::string body) {
    net::Response response;
    response.headers.reserve(4);
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

net::Response html_response(std::string body) {
    net::Response response;
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    response.headers.add(
        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"
    );
    response.body = std::move(body);
    return response;
}

net::Response problem_response(const commands::Problem& problem, Language language) {
    net::Response response;
    response.status = problem.http_status();
    response.headers.add("Content-Type", problem_type_name);
    if (problem.retry_after)
        response.headers.add("Retry-After", std::to_string(problem.retry_after->count()));
    if (problem.type == "unsupported-media-type")
        response.headers.add("Accept", "application/json");
    if (problem.type == "unsupported-content-encoding")
        response.headers.add("Accept-Encoding", "identity");
    if (response.status == 401) {
        const auto* scheme = problem.type == "hook-credentials" ? "Basic" : "Bearer";
        response.headers.add("WWW-Authenticate", scheme + std::string(" realm=\"vitrine\""));
    }
    response.body = problem.to_json(language);
    name_language(response, language);
    return response;
}

net::Response problem_response(std::string_view type, const Call& call, Phrase detail) {
    commands::Problem problem;
    problem.type = type;
    problem.detail = std::move(detail);
    problem.instance = instance_of(call.path);
    return problem_response(problem, call.language);
}

net::Response invalid_response(const Call& call, std::vector<Fault> faults) {
    commands::Problem problem;
    problem.type = "validation-failed";
    problem.faults = std::move(faults);
    problem.instance = instance_of(call.path);
    return problem_response(problem, call.language);
}

net::Response malformed_response(const Call& call, const Fault& fault) {
    commands::Problem problem;
    problem.type = "malformed-request";
    problem.detail = fault.detail;
    problem.faults = {fault};
    problem.instance = instance_of(call.path);
    return problem_response(problem, call.language);
}

net::Response refusal_response(net::Refusal refusal, const net::Request& request) {
    const Call call(request);
    switch (refusal) {
        case net::Refusal::malformed:
            return problem_response(
                "malformed-request",
                call,
                {"The request is not well-formed HTTP/1.1.",
                 "A requisição não é HTTP/1.1 bem formado."}
            );
        case net::Refusal::body_too_large:
            return problem_response("body-too-large", call);
        case net::Refusal::header_too_large:
            return problem_response("header-too-large", call);
        case net::Refusal::timed_out:
            return problem_response("request-timeout", call);
    }
    return problem_response("internal-error", call);
}

net::Response reply_response(commands::CommandReply reply, const Call& call) {
    net::Response response;
    response.headers.reserve(10);
    response.status = reply.status;
    const bool problem = reply.status >= 400;
    response.headers.add("Content-Type", problem ? problem_type_name : "application/json");
    if (reply.version) response.headers.add("ETag", quoted(*reply.version));
    if (reply.position != 0)
        response.headers.add("X-Vitrine-Position", std::to_string(reply.position));
    if (!reply.location.empty()) response.headers.add("Location", std::move(reply.location));
    if (reply.retry_after)
        response.headers.add("Retry-After", std::to_string(reply.retry_after->count()));
    if (reply.replayed) response.headers.add("Idempotency-Replayed", "true");
    if (!call.correlation_given && !reply.command_id.empty()) {
        response.headers.add("X-Correlation-Id", reply.command_id.str());
    }
    if (tells_problem(reply.body)) name_language(response, call.language);
    response.body = commands::body_in(call.language, std::move(reply.body));
    if (problem) add_instance(response.body, call.path);
    return response;
}

net::Response answer_response(queries::Answer answer, const Call& call) {
    auto response = json_response(std::move(answer.body));
    if (answer.version) response.headers.add("ETag", etag_of(answer));
    if (answer.position)
        response.headers.add("X-Vitrine-Position", std::to_string(*answer.position));
    if (answer.language) name_language(response, *answer.language);
    if (!answer.next_cursor.empty())
        response.headers.add("Link", next_link(call, answer.next_cursor));
    return response;
}

net::Response error_response(queries::QueryError error, const Call& call) {
    auto problem = problem_of(std::move(error));
    problem.instance = instance_of(call.path);
    return problem_response(problem, call.language);
}

}  // namespace vitrine::api
