#include "api/cli/stream_state.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "commands/stock/reservation.hpp"
#include "commands/stock/stock.hpp"
#include "core/overloaded.hpp"
#include "events/catalogue.hpp"
#include "events/cloud_event.hpp"
#include "events/codec.hpp"
#include "events/keys.hpp"
#include "projections/projector.hpp"

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

void put_end(Json& state, const Events& events) {
    state["version"] = events.back().version;
    state["created_at"] = format_time(events.front().recorded_at);
    state["updated_at"] = format_time(events.back().recorded_at);
    state["position"] = events.back().position;
}

/// Of events that name their members alike: the last value of each counts.
Json last_values(const Events& events) {
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
    put_end(state, events);
    return state;
}

std::string settings_state(const Events& events) {
    return last_values(events).dump();
}

std::string tenant_state(const Events& events) {
    auto state = last_values(events);
    state["retired"] = events.back().type == "TenantRetired";
    return state.dump();
}

/// What deciders fold a stream into.
template <class Event>
commands::StateOf<Event> folded(const Events& events) {
    commands::StateOf<Event> state;
    for (const auto& recorded : events) {
        if (const auto event = events::decode<Event>(recorded))
            state = commands::Evolving<Event>::evolve(std::move(state), *event);
    }
    return state;
}

/// What is held is told with its end, since whether that is over depends on when it is asked.
std::string stock_state(const Events& events) {
    const auto stock = folded<events::StockEvent>(events);
    Json state;
    state["sku"] = stock.sku;
    state["policy"] = stock.tracked ? "tracked" : "untracked";
    state["on_hand"] = stock.on_hand;
    state["backorder_limit"] = stock.backorder_limit;
    state["safety"] = stock.safety;
    state["allocated"] = stock.allocated;
    state["held"] = Json::array();
    for (const auto& [reservation, held] : stock.held) {
        state["held"].push_back(
            {{"reservation_id", reservation.str()},
             {"quantity", held.quantity},
             {"expires_at", format_time(held.expires_at)}}
        );
    }
    put_end(state, events);
    return state.dump();
}

/// At the time of its last event: that it is over afterwards stands in `expires_at`.
std::string reservation_state(const Events& events) {
    const auto reservation = folded<events::ReservationEvent>(events);
    Json state;
    state["reservation_id"] = reservation.id.str();
    state["status"] = commands::status_name(reservation, events.back().recorded_at);
    state["reference"] = reservation.reference;
    state["items"] = Json::array();
    for (const auto& item : reservation.items)
        state["items"].push_back({{"sku", item.sku}, {"quantity", item.quantity}});
    state["expires_at"] = format_time(reservation.expires_at);
    put_end(state, events);
    return state.dump();
}

/// Of a tenant each key as it was added, or revoked without having been told before; of the master
/// key how often it was changed.
std::string keys_state(const Events& events) {
    Json state;
    state["keys"] = Json::array();
    const auto of = [&state](const auto& event) -> Json& {
        for (auto& key : state["keys"]) {
            if (key["key"] == event.key) return key;
        }
        auto& key = state["keys"].emplace_back();
        key["key"] = event.key;
        key["role"] = event.role;
        key["label"] = event.label;
        return key;
    };
    for (const auto& recorded : events) {
        const auto event = events::decode<events::KeyEvent>(recorded);
        if (!event) continue;
        std::visit(
            overloaded{
                [&](const events::KeyAdded& added) {
                    auto& key = of(added);
                    if (added.expires_at) key["expires_at"] = *added.expires_at;
                    key["revoked"] = false;
                },
                [&](const events::KeyRevoked& revoked) { of(revoked)["revoked"] = true; },
                [&](const events::MasterKeyChanged& changed) {
                    state["master_key_changes"] = changed.changes;
                },
            },
            *event
        );
    }
    put_end(state, events);
    return state.dump();
}

std::string list_of(const Events& events) {
    Json json;
    json["stream"] = events.front().stream.str();
    json["version"] = events.back().version;
    json["events"] = Json::array();
    for (const auto& event : events)
        json["events"].push_back(Json::parse(events::to_cloud_event(event)));
    return json.dump();
}

struct Fold {
    std::string_view category;
    std::string (*state)(const Events&);
};

/// Of categories that no read model has a row of each stream of. Of those with list_of nothing is
/// decided from what they are, so that they are what happened in them.
constexpr Fold folds[] = {
    {"tenant", tenant_state},
    {"keys", keys_state},
    {"stock", stock_state},
    {"reservation", reservation_state},
    {"inventory", settings_state},
    {"people", list_of},
    {"command", list_of},
    {"webhook", list_of},
    {"hook", list_of},
    {"order", list_of},
    {"payment", list_of},
    {"projection", list_of},
    {"process", list_of},
};

std::function<std::string(const Events&)> fold_of(std::string_view category) {
    for (const auto& projection : projections::every_projection()) {
        const auto& of_row = projection.stream_state;
        if (of_row && of_row->category == category) return of_row->fold;
    }
    const auto* found = std::ranges::find(folds, category, &Fold::category);
    return found == std::end(folds) ? nullptr : found->state;
}

}  // namespace

bool has_stream_state(std::string_view category) {
    return fold_of(category) != nullptr;
}

std::optional<std::string> stream_state(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    std::optional<Version> at_version,
    std::optional<Timestamp> at
) {
    const auto events = read_until(store, tenant, stream, at_version, at);
    if (events.empty() || (at_version && events.back().version < *at_version)) return std::nullopt;
    const auto fold = fold_of(events::category_of(stream));
    return fold ? fold(events) : list_of(events);
}

}  // namespace vitrine::api
