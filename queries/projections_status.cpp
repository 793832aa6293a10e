#include "queries/projections_status.hpp"

#include <nlohmann/json.hpp>

#include "core/time.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const projections::Stop& stop) {
    Json json;
    json["position"] = stop.position > 0 ? Json(stop.position) : Json();
    json["event_type"] = stop.event_type.empty() ? Json() : Json(stop.event_type);
    json["reason"] = stop.reason;
    json["attempts"] = stop.attempts;
    json["since"] = format_time(stop.since);
    return json;
}

Json to_json(const projections::RebuildProgress& build) {
    Json json;
    json["phase"] = projections::phase_name(build.phase);
    json["done"] = build.done;
    json["total"] = build.total;
    json["per_second"] = build.per_second;
    const auto left = projections::seconds_left(build);
    json["seconds_left"] = left ? Json(*left) : Json();
    return json;
}

Json to_json(const projections::Status& status) {
    Json json;
    json["name"] = status.name;
    json["version"] = status.version;
    json["generation"] = status.generation;
    json["state"] = projections::state_name(status.state);
    json["position"] = status.position;
    json["lag"] = status.lag;
    json["lag_seconds"] = status.lag_seconds;
    json["parked"] = status.parked;
    if (status.build) json["build"] = to_json(*status.build);
    if (status.stop) json["failure"] = to_json(*status.stop);
    return json;
}

}  // namespace

Result projections_status(const ReadSide& reads) {
    Json json;
    json["items"] = Json::array();
    for (const auto& status : reads.projections.status()) {
        json["items"].push_back(to_json(status));
    }
    json["projections"] = json["items"];
    Answer answer;
    answer.position = reads.store.head();
    json["head"] = *answer.position;
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
