#include "events/envelope.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/json_append.hpp"

namespace vitrine::events {
namespace {

using Json = nlohmann::ordered_json;

std::string text_at(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? std::string() : found->get<std::string>();
}

}  // namespace

std::string_view category_of(const StreamName& stream) {
    return stream.view().substr(0, stream.view().find('-'));
}

std::string_view id_of(const StreamName& stream) {
    const auto dash = stream.view().find('-');
    return dash == std::string_view::npos ? std::string_view() : stream.view().substr(dash + 1);
}

StreamName stream_of(const OfferId& id) {
    return StreamName("offer-" + id.str());
}
StreamName stream_of(const ProductId& id) {
    return StreamName("product-" + id.str());
}
StreamName stream_of(const CommandId& id) {
    return StreamName("command-" + id.str());
}

std::string encode_metadata(const Metadata& metadata) {
    std::string json = "{";
    append_text(json, "correlation_id", metadata.correlation_id.view());
    if (!metadata.causation_id.empty()) append_text(json, "causation_id", metadata.causation_id);
    append_text(json, "command_id", metadata.command_id.view());
    append_text(json, "actor", metadata.actor);
    if (!metadata.traceparent.empty()) append_text(json, "traceparent", metadata.traceparent);
    return json + '}';
}

Metadata decode_metadata(std::string_view text) {
    try {
        const auto json = Json::parse(text);
        Metadata metadata;
        metadata.correlation_id = CorrelationId(text_at(json, "correlation_id"));
        metadata.causation_id = text_at(json, "causation_id");
        metadata.command_id = CommandId(text_at(json, "command_id"));
        metadata.actor = text_at(json, "actor");
        metadata.traceparent = text_at(json, "traceparent");
        return metadata;
    } catch (const Json::exception& error) {
        throw std::runtime_error(std::string("event metadata is damaged: ") + error.what());
    }
}

}  // namespace vitrine::events
