#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "api/http/route.hpp"

namespace vitrine::api {
namespace {

constexpr Parameter command_parameters[] = {
    {"dry_run",
     "true: validates and decides, answers the events that would be appended, does nothing",
     false,
     "boolean"},
};

bool requires_members(std::string_view schema) {
    const auto json = nlohmann::json::parse(schema);
    return json.contains("required") && !json["required"].empty();
}

Route route_of(const commands::Definition& definition) {
    Route route;
    route.name = definition.name;
    route.method = definition.method;
    route.pattern = definition.route;
    route.access = Access::command;
    route.parameters = command_parameters;
    route.command = &definition;
    route.needs_body = requires_members(definition.schema);
    return route;
}

std::vector<Route> make_routes() {
    std::vector<Route> all;
    std::ranges::transform(commands::definitions(), std::back_inserter(all), route_of);
    std::ranges::copy(query_routes(), std::back_inserter(all));
    std::ranges::copy(adoption_routes(), std::back_inserter(all));
    std::ranges::copy(me_routes(), std::back_inserter(all));
    std::ranges::copy(webhook_routes(), std::back_inserter(all));
    std::ranges::copy(activity_routes(), std::back_inserter(all));
    std::ranges::copy(price_routes(), std::back_inserter(all));
    std::ranges::copy(parked_routes(), std::back_inserter(all));
    std::ranges::copy(operation_routes(), std::back_inserter(all));
    std::ranges::copy(console_routes(), std::back_inserter(all));
    return all;
}

}  // namespace

std::optional<std::string> Call::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::expected<bool, Fault> Call::flag(std::string_view name) const {
    const auto value = parameter(name);
    if (!value || value == "false") return false;
    if (value == "true") return true;
    return std::unexpected(Fault{
        '/' + std::string(name), "enum", {"is neither true nor false", "não é true nem false"}
    });
}

std::span<const Route> routes() {
    static const auto all = make_routes();
    return all;
}

}  // namespace vitrine::api
