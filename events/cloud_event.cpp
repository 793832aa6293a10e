#include "events/cloud_event.hpp"

#include <stdexcept>

#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {

namespace {

struct Readable {
    Metadata metadata;
    std::string data;
    int schema = 0;
};

/// Throws std::exception for what was altered since it was written, or by a faulty program.
Readable read(const RecordedEvent& event) {
    Readable readable{decode_metadata(event.metadata), event.data, event.schema};
    if (const auto* type = find_event_type(event.type)) {
        readable.data = upcast(*type, event.schema, event.data);
        readable.schema = type->schema();
    }
    if (!Json::accept(readable.data)) throw std::runtime_error("its data is not JSON");
    return readable;
}

void add_metadata(Json& attributes, const Metadata& metadata) {
    const auto& command = metadata.command_id.str();
    attributes["correlationid"] = metadata.correlation_id.str();
    attributes["causationid"] = metadata.causation_id.empty() ? command : metadata.causation_id;
    attributes["commandid"] = command;
    if (!metadata.actor.empty()) attributes["actor"] = metadata.actor;
    if (!metadata.traceparent.empty()) attributes["traceparent"] = metadata.traceparent;
}

}  // namespace

std::string to_cloud_event(const RecordedEvent& event) {
    std::string fault;
    Readable readable{{}, "null", event.schema};
    try {
        readable = read(event);
    } catch (const std::exception& error) {
        fault = error.what();
    }

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
    tail["schemaversion"] = std::to_string(readable.schema);
    if (fault.empty()) {
        add_metadata(tail, readable.metadata);
    } else {
        tail["unreadable"] = fault;
    }

    // The data goes in as it is stored, between the two halves.
    auto text = head.dump();
    text.pop_back();
    text += ",\"data\":";
    text += readable.data;
    text += ',';
    text += std::string_view(tail.dump()).substr(1);
    return text;
}

}  // namespace vitrine::events
