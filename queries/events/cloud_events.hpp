#pragma once

#include <string>
#include <vector>

#include "events/cloud_event.hpp"

namespace vitrine::queries {

/// `[…]` of the events in order.
inline std::string event_list(const std::vector<events::RecordedEvent>& events) {
    std::string list = "[";
    for (const auto& event : events) {
        if (list.size() > 1) list += ',';
        list += events::to_cloud_event(event);
    }
    list += ']';
    return list;
}

/// A page of a history; `events` is the name of `items` from before. `next_cursor` may be empty.
inline std::string history_page(
    const std::vector<events::RecordedEvent>& events, const std::string& next_cursor
) {
    const auto list = event_list(events);
    const auto next = next_cursor.empty() ? "null" : '"' + next_cursor + '"';
    return "{\"items\":" + list + ",\"events\":" + list + ",\"next_cursor\":" + next + '}';
}

}  // namespace vitrine::queries
