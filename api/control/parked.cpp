#include "api/control/parked.hpp"

#include <nlohmann/json.hpp>

namespace vitrine::api {

using Json = nlohmann::ordered_json;

Json to_json(const std::string& projection, const projections::ParkedEvent& event) {
    Json json;
    json["projection"] = projection;
    json["tenant"] = event.tenant.str();
    json["stream"] = event.stream.str();
    json["position"] = event.position;
    json["event_id"] = event.id.str();
    json["type"] = event.type;
    json["state"] = projections::parked_state_name(event.state);
    json["reason"] = event.reason;
    return json;
}

Json to_json(const projections::ReleaseReport& report) {
    Json json;
    json["position"] = report.position;
    json["applied"] = report.applied;
    json["dismissed"] = report.dismissed;
    json["parked"] = report.parked;
    if (!report.reason.empty()) json["reason"] = report.reason;
    return json;
}

}  // namespace vitrine::api
