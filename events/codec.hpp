#pragma once

#include <optional>
#include <string>
#include <typeinfo>

#include "events/envelope.hpp"
#include "events/unreadable_event.hpp"

namespace vitrine::events {

struct Encoded {
    std::string type;
    int schema = 1;
    std::string data;
    bool operator==(const Encoded&) const = default;
};

namespace detail {

/// How events of one type of C++ are written and read.
struct Ways {
    Encoded (*encode)(const void* event);
    void (*decode)(const RecordedEvent& event, void* result);  // into an optional
};

/// Those of an aggregate or of a struct of one. Throws std::logic_error: aggregates.hpp has not got
/// it.
const Ways& ways_of(const std::type_info& type);

template <class Event>
const Ways& ways() {
    static const auto& found = ways_of(typeid(Event));
    return found;
}

}  // namespace detail

/// What writes and reads them knows all events (codec.cpp); who includes this knows none, so that a
/// new event does not build again whoever works on others.

/// An event of an aggregate of aggregates.hpp, as that or as its struct.
template <class Event>
Encoded encode(const Event& event) {
    return detail::ways<Event>().encode(&event);
}

/// The event at its present schema, older payloads upcast. nullopt: its type is none of `Events`,
/// which is such an aggregate or struct. Throws UnreadableEvent.
template <class Events>
std::optional<Events> decode(const RecordedEvent& event) {
    std::optional<Events> result;
    detail::ways<Events>().decode(event, &result);
    return result;
}

/// The event as this program would write it; nullopt: its type is not in the catalogue. Throws
/// UnreadableEvent.
std::optional<Encoded> decode_and_encode(const RecordedEvent& event);

}  // namespace vitrine::events
