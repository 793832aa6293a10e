#include "api/control/delivery_json.hpp"

#include <nlohmann/json.hpp>

#include "core/time.hpp"

namespace vitrine::api {

using Json = nlohmann::ordered_json;

Json to_json(const deliveries::ReceiverStatus& status) {
    Json json;
    json["kind"] = status.name.kind;
    json["id"] = status.name.id;
    json["position"] = status.position;
    json["lag"] = status.lag;
    json["pending"] = status.pending;
    json["dead"] = status.dead;
    json["oldest"] = status.oldest ? Json(format_time(*status.oldest)) : Json(nullptr);
    json["under_way"] = status.under_way;
    json["paused"] = status.paused;
    json["enabled"] = status.enabled;
    auto replays = Json::array();
    for (const auto& replay : status.replays) replays.push_back(to_json(replay));
    json["replays"] = std::move(replays);
    return json;
}

Json to_json(const deliveries::Delivery& delivery, Language language) {
    Json json;
    json["event_id"] = delivery.event_id.str();
    json["position"] = delivery.position;
    json["type"] = delivery.type;
    json["stream"] = delivery.stream.str();
    json["state"] = name_of(delivery.state);
    json["attempts"] = delivery.attempts;
    const auto time = [](const std::optional<Timestamp>& at) {
        return at ? Json(format_time(*at)) : Json(nullptr);
    };
    json["attempted_at"] = time(delivery.attempted_at);
    json["due"] = time(delivery.due);
    json["outcome"] = delivery.outcome ? Json(name_of(*delivery.outcome)) : Json(nullptr);
    json["detail"] = delivery.detail.in(language);
    return json;
}

Json to_json(const deliveries::Replay& replay) {
    Json json;
    json["from"] = replay.next;
    json["to"] = replay.last;
    return json;
}

}  // namespace vitrine::api
