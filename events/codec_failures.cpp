#include "events/catalogue.hpp"
#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {

Encoded encode(const CommandFailed& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put(json, "product_id", event.product_id);
    put(json, "reason", event.reason);
    put(json, "class", event.failure_class);
    put(json, "correlation_id", event.correlation_id);
    return encode_as(event.type, json);
}

std::optional<CommandFailed> decode_failure(const RecordedEvent& event) {
    const auto* type = find_event_type(event.type);
    if (type == nullptr || type->category != "command") return std::nullopt;
    try {
        const auto json = current_payload(event);
        CommandFailed failed;
        failed.type = event.type;
        get(json, "offer_id", failed.offer_id);
        get(json, "product_id", failed.product_id);
        get(json, "reason", failed.reason);
        get(json, "class", failed.failure_class);
        get(json, "correlation_id", failed.correlation_id);
        return failed;
    } catch (const Json::exception& error) {
        throw UnreadableEvent(event, error.what());
    }
}

}  // namespace vitrine::events
