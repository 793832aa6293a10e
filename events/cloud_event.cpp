#include "events/cloud_event.hpp"

#include <stdexcept>

#include "core/json_append.hpp"
#include "core/text.hpp"
#include "events/catalogue.hpp"
#include "events/json.hpp"

namespace vitrine::events {

namespace {

constexpr std::size_t usual_attributes = 640;  // bytes

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

void append_metadata(std::string& text, const Metadata& metadata) {
    const auto& command = metadata.command_id.str();
    append_text(text, "correlationid", metadata.correlation_id.view());
    append_text(
        text, "causationid", metadata.causation_id.empty() ? command : metadata.causation_id
    );
    append_text(text, "commandid", command);
    if (!metadata.actor.empty()) append_text(text, "actor", metadata.actor);
    if (!metadata.traceparent.empty()) append_text(text, "traceparent", metadata.traceparent);
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

    // What a parser tells of bytes may have them in it.
    if (!is_utf8(fault)) fault = "it is not UTF-8";

    std::string text = "{";
    text.reserve(readable.data.size() + event.metadata.size() + usual_attributes);
    append_text(text, "specversion", "1.0");
    append_text(text, "id", event.id.view());
    append_text(text, "source", "/tenants/" + event.tenant.str());
    append_text(text, "type", event.type);
    append_text(text, "subject", event.stream.view());
    append_text(text, "time", format_time(event.recorded_at));
    append_text(text, "datacontenttype", "application/json");
    append_raw(text, "data", readable.data);  // as it is stored
    append_text(text, "position", std::to_string(event.position));
    append_text(text, "streamversion", std::to_string(event.version));
    append_text(text, "schemaversion", std::to_string(readable.schema));
    if (fault.empty()) {
        append_metadata(text, readable.metadata);
    } else {
        append_text(text, "unreadable", fault);
    }
    text += '}';
    return text;
}

}  // namespace vitrine::events
