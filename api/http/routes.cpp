#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "api/http/areas.hpp"

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
    route.access = definition.needs_admin ? Access::admin : Access::command;
    route.parameters = command_parameters;
    route.command = &definition;
    route.needs_body = requires_members(definition.schema);
    return route;
}

std::vector<Route> make_routes() {
    std::vector<Route> all;
    for (const auto& definition : commands::definitions()) {
        // One without a route is run by processes alone.
        if (!definition.route.empty()) all.push_back(route_of(definition));
    }
    for (const auto& area : route_areas) std::ranges::copy(area().routes, std::back_inserter(all));
    for (auto& route : all)
        if (!route.body_schema.empty()) route.needs_body = requires_members(route.body_schema);
    return all;
}

}  // namespace

std::string Call::plain_path() const {
    if (path.find('%') == std::string_view::npos) return std::string(path);
    std::string plain;
    auto capture = captures.begin();
    for (auto pattern = route->pattern; !pattern.empty();) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        plain.append(pattern.substr(0, open));
        if (open == pattern.size()) break;
        plain.append(net::percent_encode(*capture++));
        pattern.remove_prefix(pattern.find('}') + 1);
    }
    return plain;
}

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

std::vector<Fault> Call::value_faults() const {
    std::vector<Fault> faults;
    for (const auto& known : route->parameters) {
        const auto value = parameter(known.name);
        if (!value || known.values.empty() ||
            std::ranges::find(known.values, *value) != known.values.end())
            continue;
        std::string allowed;
        for (const auto each : known.values)
            allowed.append(allowed.empty() ? "" : ", ").append(each);
        faults.push_back(
            {'/' + std::string(known.name),
             "unknown",
             phrase("{} is one of {}", "{} é um de {}", known.name, allowed)}
        );
    }
    return faults;
}

bool was_told(Backend& backend, const Call& call, const VersionTag& tag) {
    for (const auto& make : route_areas) {
        const auto area = make();
        if (area.was_told != nullptr && area.entity == call.route->command->entity.name)
            return area.was_told(backend, call, tag);
    }
    return false;
}

boost::asio::awaitable<void> complete(
    Backend* backend, const Call* call, commands::CommandReply* reply
) {
    for (const auto& make : route_areas) {
        const auto area = make();
        if (area.complete != nullptr && area.entity == call->route->command->entity.name)
            co_await area.complete(backend, call, reply);
    }
}

std::span<const Route> routes() {
    static const auto all = make_routes();
    return all;
}

}  // namespace vitrine::api
