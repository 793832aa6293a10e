#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

Json to_json(const ParkedStreamRetried& event) {
    Json json;
    put(json, "projection", event.projection);
    put(json, "stream", event.stream);
    return json;
}

void from_json(const Json& json, ParkedStreamRetried& event) {
    get(json, "projection", event.projection);
    get(json, "stream", event.stream);
}

Json to_json(const ParkedStreamDismissed& event) {
    Json json;
    put(json, "projection", event.projection);
    put(json, "stream", event.stream);
    json["positions"] = event.positions;
    put(json, "reason", event.reason);
    if (!event.causes.empty()) json["causes"] = event.causes;
    return json;
}

void from_json(const Json& json, ParkedStreamDismissed& event) {
    get(json, "projection", event.projection);
    get(json, "stream", event.stream);
    event.positions = json.at("positions").get<std::vector<Position>>();
    get(json, "reason", event.reason);
    if (const auto causes = json.find("causes"); causes != json.end())
        event.causes = causes->get<std::vector<std::string>>();
}

constexpr DecoderRow<ProjectionEvent> decoders[] = {
    {"ParkedStreamRetried", decode_as<ProjectionEvent, ParkedStreamRetried, from_json>},
    {"ParkedStreamDismissed", decode_as<ProjectionEvent, ParkedStreamDismissed, from_json>},
};

std::string_view type_of(const ProjectionEvent& event) {
    return std::holds_alternative<ParkedStreamRetried>(event) ? "ParkedStreamRetried"
                                                              : "ParkedStreamDismissed";
}

}  // namespace

StreamName projection_stream(const std::string& name) {
    return StreamName("projection-" + name);
}

Encoded encode(const ProjectionEvent& event) {
    return encode_as(type_of(event), std::visit([](const auto& e) { return to_json(e); }, event));
}

std::optional<ProjectionEvent> decode_projection_event(const RecordedEvent& event) {
    return decode_with<ProjectionEvent>(decoders, event);
}

}  // namespace vitrine::events
