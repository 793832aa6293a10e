#include "api/http/conditional.hpp"

#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

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
    for (const auto* name : {"Content-Type", "Content-Encoding", "Content-Language"})
        response.headers.remove(name);
}

}  // namespace

void heed_conditions(const Call& call, net::Response& response) {
    const bool reads = call.request.method == "GET" || call.request.method == "HEAD";
    if (!reads || response.status != 200) return;
    const std::string etag(response.headers.find("ETag").value_or(""));
    const auto& [match, none_match] = call.conditions;
    if (match && !match->any && !match->match(etag)) {
        response = mismatch(call, response);
    } else if (none_match && !etag.empty() && (none_match->any || none_match->match_weakly(etag))) {
        leave_out_content(response);
    }
}

}  // namespace vitrine::api
