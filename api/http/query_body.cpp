#include "api/http/query_body.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "commands/engine/schema.hpp"
#include "commands/json.hpp"

namespace vitrine::api {
namespace {

using Schemas = std::map<std::string_view, commands::Schema>;

/// By the route's name.
const commands::Schema& schema_of(const Route& route) {
    static const auto all = [] {
        Schemas schemas;
        for (const auto& each : routes())
            if (!each.body_schema.empty())
                schemas.emplace(each.name, commands::Schema(each.body_schema));
        return schemas;
    }();
    return all.at(route.name);
}

}  // namespace

std::expected<commands::Json, net::Response> json_body(const Call& call) {
    const auto& request = call.request;
    const auto type = request.headers.find("Content-Type");
    if (!type || !is_json(*type))
        return std::unexpected(problem_response("unsupported-media-type", call));
    auto body = commands::parse_body(request.body);
    if (!body) return std::unexpected(malformed_response(call, body.error()));
    return *std::move(body);
}

std::optional<net::Response> take_query_body(Call& call) {
    auto body = commands::Json::object();
    if (!call.request.body.empty()) {
        auto sent = json_body(call);
        if (!sent) return std::move(sent).error();
        body = *std::move(sent);
    }
    auto faults = schema_of(*call.route).validate(body);
    if (!faults.empty() && !call.route->judges_body)
        return invalid_response(call, std::move(faults));
    call.body_faults = std::move(faults);
    call.body = std::make_shared<const commands::Json>(std::move(body));
    return std::nullopt;
}

}  // namespace vitrine::api
