#include "events/cloud_event.hpp"

#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {

std::string to_cloud_event(const RecordedEvent& event) {
    const auto metadata = decode_metadata(event.metadata);
    const auto* type = find_event_type(event.type);
    const int schema = type == nullptr ? event.schema : type->schema();
    const auto data = type == nullptr ? event.data : upcast(*type, event.schema, event.data);

    Json head;
    head["specversion"] = "1.0";
    head["id"] = event.id.str();
    head["source"] = "/tenants/" + event.tenant.str();
    head["type"] = event.type;
    head["subject"] = event.stream.str();
    head["time"] = format_time(event.recorded_at);
    head["datacontenttype"] = "application/json";
    Json tail;
    tail["position"] = std::to_string(event.position);
    tail["streamversion"] = std::to_string(event.version);
    tail["schemaversion"] = std::to_string(schema);
    tail["correlationid"] = metadata.correlation_id.str();
    tail["causationid"] =
        metadata.causation_id.empty() ? metadata.command_id.str() : metadata.causation_id;
    tail["commandid"] = metadata.command_id.str();
    if (!metadata.traceparent.empty()) tail["traceparent"] = metadata.traceparent;

    // The data goes in as it is stored, between the two halves.
    auto text = head.dump();
    text.pop_back();
    text += ",\"data\":";
    text += data;
    text += ',';
    text += std::string_view(tail.dump()).substr(1);
    return text;
}

}  // namespace vitrine::events
