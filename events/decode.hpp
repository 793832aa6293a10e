#pragma once

// For the codecs of this folder: a table from event type to decoder, and the one way to run it.

#include <optional>
#include <span>
#include <string_view>

#include "events/codec.hpp"
#include "events/json.hpp"

namespace vitrine::events {

template <class Event>
struct DecoderRow {
    std::string_view type;
    Event (*decode)(const Json&);
};

template <class Event, class Alternative, void (*From)(const Json&, Alternative&)>
Event decode_as(const Json& json) {
    Alternative event;
    From(json, event);
    return event;
}

Encoded encode_as(std::string_view type, const Json& json);

/// The payload at the type's present schema. Throws UnreadableEvent.
Json current_payload(const RecordedEvent& event);

template <class Event>
std::optional<Event> decode_with(
    std::span<const DecoderRow<Event>> rows, const RecordedEvent& event
) {
    for (const auto& row : rows) {
        if (row.type != event.type) continue;
        try {
            return row.decode(current_payload(event));
        } catch (const UnlikeMember& error) {
            throw UnreadableEvent(event, error.what());
        } catch (const Json::exception& error) {
            throw UnreadableEvent(event, error.what());
        }
    }
    return std::nullopt;
}

}  // namespace vitrine::events
