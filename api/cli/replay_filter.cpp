#include "api/cli/replay_filter.hpp"

#include <algorithm>

#include "core/nearest.hpp"
#include "events/catalogue.hpp"
#include "store/keys.hpp"

namespace vitrine::api {
namespace {

bool is_in_log(store::EventStore& store, const store::Filter& filter) {
    return !store.read_all(1, filter, 1, store::Direction::forwards).empty();
}

void require_known_type(store::EventStore& store, const std::string& type) {
    if (events::find_event_type(type) != nullptr) return;
    store::Filter of_type;
    of_type.types = {type};
    if (is_in_log(store, of_type)) return;
    std::vector<std::string> known;
    for (const auto& each : events::catalogue()) known.emplace_back(each.name);
    throw UsageError(
        "there is no event type \"" + type + "\"; the nearest is \"" + nearest(type, known) + '"'
    );
}

void require_known_tenant(
    store::EventStore& store, const std::filesystem::path& data, const TenantId& tenant
) {
    store::Filter of_tenant;
    of_tenant.tenant = tenant;
    if (is_in_log(store, of_tenant)) return;
    const auto registered = store::registered_tenants(data / "keys.db");
    if (std::ranges::find(registered, tenant) != registered.end()) return;
    throw std::runtime_error("there is no such tenant: " + tenant.str());
}

}  // namespace

std::optional<Timestamp> time_of(const char* option, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto time = parse_time(text);
    if (!time)
        throw UsageError(
            std::string(option) + ": \"" + text + "\" is no time such as 2026-03-01T12:00:00Z"
        );
    return time;
}

store::Filter filter_of(const ReplayOptions& options) {
    store::Filter filter;
    if (!options.tenant.empty()) filter.tenant = TenantId(options.tenant);
    if (!options.stream.empty()) filter.stream = StreamName(options.stream);
    filter.types = options.types;
    filter.since = time_of("--since", options.since);
    filter.until = time_of("--until", options.until);
    if (options.from > options.to) throw UsageError("--from is a position after --to");
    if (filter.since && filter.until && *filter.since > *filter.until)
        throw UsageError("--since is a time after --until");
    return filter;
}

void require_known(
    store::EventStore& store, const std::filesystem::path& data, const store::Filter& filter
) {
    for (const auto& type : filter.types) require_known_type(store, type);
    if (filter.tenant) require_known_tenant(store, data, *filter.tenant);
}

}  // namespace vitrine::api
