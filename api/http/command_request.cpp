#include "api/http/command_request.hpp"

#include <algorithm>

#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t longest_idempotency_key = 255;

/// The path as it is written without needless escapes: however it came, it is the same request.
std::string plain_path(const Call& call) {
    if (call.path.find('%') == std::string_view::npos) return std::string(call.path);
    std::string path;
    auto capture = call.captures.begin();
    for (auto pattern = call.route->pattern; !pattern.empty();) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        path.append(pattern.substr(0, open));
        if (open == pattern.size()) break;
        path.append(net::percent_encode(*capture++));
        pattern.remove_prefix(pattern.find('}') + 1);
    }
    return path;
}

commands::Precondition precondition_of(const Conditions& conditions) {
    commands::Precondition precondition;
    if (conditions.match) precondition.match = named_versions(*conditions.match, false);
    if (conditions.none_match)
        precondition.none_match = named_versions(*conditions.none_match, true);
    return precondition;
}

}  // namespace

std::expected<commands::CommandRequest, net::Response> command_request(const Call& call) {
    const auto& from = call.request;
    const auto refuse = [&call](std::string_view type, Phrase detail) {
        return std::unexpected(problem_response(type, call, std::move(detail)));
    };
    commands::CommandRequest request;
    if (!from.body.empty()) {
        const auto type = from.headers.find("Content-Type");
        if (!type || !is_json(*type)) return refuse("unsupported-media-type", {});
        request.body = from.body;
    }
    if (const auto key = from.headers.find("Idempotency-Key")) {
        if (!is_token_text(*key, longest_idempotency_key) ||
            from.headers.count("Idempotency-Key") != 1) {
            return refuse(
                "malformed-request",
                {"Idempotency-Key is one text of 1 to 255 visible ASCII characters.",
                 "Idempotency-Key é um texto de 1 a 255 caracteres ASCII visíveis."}
            );
        }
        request.idempotency_key = *key;
    }
    request.precondition = precondition_of(call.conditions);
    const auto dry_run = call.flag("dry_run");
    if (!dry_run) return std::unexpected(invalid_response(call, {dry_run.error()}));
    request.dry_run = *dry_run;
    request.principal = call.principal;
    request.name = call.route->name;
    request.method = call.route->method;
    request.path = plain_path(call);
    if (!call.captures.empty()) request.entity_id = call.captures[0];
    if (call.captures.size() > 1) request.product_id = call.captures[1];
    // A command that no correlation id came with is its own.
    request.id = call.correlation_given ? std::string() : call.correlation_id;
    request.correlation_id = call.correlation_given ? call.correlation_id : std::string();
    request.traceparent = call.traceparent;
    return request;
}

}  // namespace vitrine::api
