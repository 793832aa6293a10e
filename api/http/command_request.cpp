#include "api/http/command_request.hpp"

#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

constexpr std::size_t longest_idempotency_key = 255;

/// The versions among the tags, weak ones too if so told. One that was never given names none.
commands::NamedVersions named_versions(
    const EntityTags& tags, bool weak_too, const Call& call, const WasTold& was_told
) {
    commands::NamedVersions named{tags.any, {}};
    for (const auto& tag : tags.tags) {
        if (tag.weak && !weak_too) continue;
        const auto version = version_tag(tag.text);
        if (version && (version->facts == 0 || was_told(call, *version)))
            named.versions.push_back(version->version);
    }
    return named;
}

commands::Precondition precondition_of(const Call& call, const WasTold& was_told) {
    const auto& [match, none_match] = call.conditions;
    commands::Precondition precondition;
    if (match) precondition.match = named_versions(*match, false, call, was_told);
    if (none_match) precondition.none_match = named_versions(*none_match, true, call, was_told);
    return precondition;
}

}  // namespace

std::expected<commands::CommandRequest, net::Response> command_request(
    const Call& call, const WasTold& was_told
) {
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
    request.precondition = precondition_of(call, was_told);
    const auto dry_run = call.flag("dry_run");
    if (!dry_run) return std::unexpected(invalid_response(call, {dry_run.error()}));
    request.dry_run = *dry_run;
    request.principal = call.principal;
    request.name = call.route->name;
    request.method = call.route->method;
    request.path = call.plain_path();
    if (!call.captures.empty()) request.entity_id = call.captures[0];
    if (call.captures.size() > 1) request.item_id = call.captures[1];
    // A command that no correlation id came with is its own.
    request.id = call.correlation_given ? std::string() : call.correlation_id;
    request.correlation_id = call.correlation_given ? call.correlation_id : std::string();
    request.traceparent = call.traceparent;
    return request;
}

}  // namespace vitrine::api
