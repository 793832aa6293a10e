#include "queries/parked_events.hpp"

#include <nlohmann/json.hpp>

#include "projections/projector.hpp"

namespace vitrine::queries {

using Json = nlohmann::ordered_json;

Result parked_events(
    const ReadSide& reads, const TenantId& tenant, const std::string& projection, bool all
) {
    if (projections::find_projection(projection) == nullptr) {
        return std::unexpected(not_found(
            phrase("There is no read model {}.", "A visão de leitura {} não existe.", projection)
        ));
    }
    Json json;
    json["projection"] = projection;
    json["items"] = Json::array();
    for (const auto& event : reads.projections.parked(projection, tenant)) {
        if (!all && event.state == projections::ParkedState::dismissed) continue;
        Json entry;
        entry["position"] = event.position;
        entry["event_id"] = event.id.str();
        entry["stream"] = event.stream.str();
        entry["type"] = event.type;
        entry["state"] = projections::parked_state_name(event.state);
        entry["reason"] = event.reason;
        json["items"].push_back(std::move(entry));
    }
    json["parked"] = json["items"];
    Answer answer;
    answer.position = reads.projections.read_model(projection).position();
    answer.body = json.dump();
    return answer;
}

}  // namespace vitrine::queries
