#include "api/http/conditional.hpp"

#include "api/http/respond.hpp"

#include <algorithm>

namespace vitrine::api {
namespace {

/// As commands take it: a version alone is that one, whatever products have told since.
bool is_version_of(const EntityTag& tag, const std::optional<VersionTag>& present) {
    if (tag.weak || !present) return false;
    const auto named = version_tag(tag.text);
    return named && (named == present || *named == VersionTag{present->version, 0});
}

bool names_present(const EntityTags& tags, std::string_view etag) {
    return tags.any || tags.match(etag) ||
           std::ranges::any_of(tags.tags, [present = version_tag(etag)](const EntityTag& tag) {
               return is_version_of(tag, present);
           });
}

net::Response mismatch(const Call& call, const net::Response& present) {
    auto response =
        problem_response("version-mismatch", call, commands::Precondition::match_failed);
    if (const auto etag = present.headers.find("ETag"))
        response.headers.add("ETag", std::string(*etag));
    return response;
}

void leave_out_content(net::Response& response) {
    response.status = 304;
    response.body.clear();
    response.stream = nullptr;
    for (const auto* name : {"Content-Type", "Content-Encoding", "Content-Language"})
        response.headers.remove(name);
}

}  // namespace

void heed_conditions(const Call& call, net::Response& response) {
    const bool reads = call.request.method == "GET" || call.request.method == "HEAD";
    if (!reads || response.status != 200) return;
    const std::string etag(response.headers.find("ETag").value_or(""));
    const auto& [match, none_match] = call.conditions;
    if (match && !names_present(*match, etag)) {
        response = mismatch(call, response);
    } else if (none_match && (none_match->any || none_match->match_weakly(etag))) {
        leave_out_content(response);
    }
}

std::optional<net::Response> unmet_condition(const Call& call) {
    const auto& method = call.request.method;
    if (method == "GET" || method == "HEAD" || call.route->command || !call.conditions.match)
        return std::nullopt;
    return problem_response(
        "version-mismatch",
        call,
        {"What this path does has no version, so that If-Match names none: leave it out.",
         "O que este caminho faz não tem versão, e If-Match não indica nenhuma: não o envie."}
    );
}

}  // namespace vitrine::api
