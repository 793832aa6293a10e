#include "api/http/command_request.hpp"

#include <limits>

#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t longest_idempotency_key = 255;

/// The version that `*` stands for: of something that is created there is none, so that it never
/// holds.
std::optional<Version> version_of(const Expected& expected, bool creates) {
    if (!expected.any) return expected.version;
    if (creates) return std::numeric_limits<Version>::max();
    return std::nullopt;
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
    if (const auto match = from.headers.find("If-Match")) {
        const auto expected = parse_if_match(*match);
        if (!expected || from.headers.count("If-Match") != 1) {
            return refuse(
                "malformed-request",
                {"If-Match is one version in quotes, as ETag gives it, or *.",
                 "If-Match é uma versão entre aspas, como ETag a dá, ou *."}
            );
        }
        request.if_match = version_of(*expected, call.route->command->creates);
    }
    const auto dry_run = call.flag("dry_run");
    if (!dry_run) return std::unexpected(invalid_response(call, {dry_run.error()}));
    request.dry_run = *dry_run;
    request.principal = call.principal;
    request.name = call.route->name;
    request.method = call.route->method;
    request.path = call.path;
    if (!call.captures.empty()) request.entity_id = call.captures[0];
    if (call.captures.size() > 1) request.product_id = call.captures[1];
    // A command that no correlation id came with is its own.
    request.id = call.correlation_given ? std::string() : call.correlation_id;
    request.correlation_id = call.correlation_given ? call.correlation_id : std::string();
    request.traceparent = call.traceparent;
    return request;
}

}  // namespace vitrine::api
