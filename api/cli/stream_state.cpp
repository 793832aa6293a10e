#include "api/cli/stream_state.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "events/catalogue.hpp"
#include "events/cloud_event.hpp"
#include "projections/offers/history.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;
using Events = std::vector<events::RecordedEvent>;

Events read_until(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    std::optional<Version> at_version,
    std::optional<Timestamp> at
) {
    constexpr std::size_t page = 1000;
    Events all;
    while (true) {
        auto events =
            store.read_stream(tenant, stream, all.size() + 1, page, store::Direction::forwards);
        for (auto& event : events) {
            if ((at_version && event.version > *at_version) || (at && event.recorded_at > *at))
                return all;
            all.push_back(std::move(event));
        }
        if (events.size() < page) return all;
    }
}

std::string offer_state(const Events& events) {
    projections::OfferHistory history;
    for (const auto& event : events) history.apply(event);
    return history.body();
}

/// The events of a product, and of a tenant, name their members alike: the last value of each
/// counts.
Json merged_state(const Events& events) {
    Json state = Json::object();
    for (const auto& event : events) {
        const auto* type = events::find_event_type(event.type);
        if (type == nullptr) continue;
        const auto members = Json::parse(events::upcast(*type, event.schema, event.data));
        for (const auto& [name, value] : members.items()) {
            if (value.is_null()) {
                state.erase(name);  // an edit took it away
            } else {
                state[name] = value;
            }
        }
    }
    state["version"] = events.back().version;
    state["created_at"] = format_time(events.front().recorded_at);
    state["updated_at"] = format_time(events.back().recorded_at);
    state["position"] = events.back().position;
    return state;
}

std::string product_state(const Events& events) {
    auto state = merged_state(events);
    if (!state.contains("status")) state["status"] = "active";
    for (const auto& event : events) {
        if (event.type == "ProductArchived") state["status"] = "archived";
    }
    return state.dump();
}

std::string tenant_state(const Events& events) {
    auto state = merged_state(events);
    state["retired"] = events.back().type == "TenantRetired";
    return state.dump();
}

std::string list_of(const StreamName& stream, const Events& events) {
    Json json;
    json["stream"] = stream.str();
    json["version"] = events.back().version;
    json["events"] = Json::array();
    for (const auto& event : events)
        json["events"].push_back(Json::parse(events::to_cloud_event(event)));
    return json.dump();
}

}  // namespace

std::optional<std::string> stream_state(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    std::optional<Version> at_version,
    std::optional<Timestamp> at
) {
    const auto events = read_until(store, tenant, stream, at_version, at);
    if (events.empty() || (at_version && events.back().version < *at_version)) return std::nullopt;
    const auto category = events::category_of(stream);
    if (category == "offer") return offer_state(events);
    if (category == "product") return product_state(events);
    if (category == "tenant") return tenant_state(events);
    return list_of(stream, events);
}

}  // namespace vitrine::api
