#pragma once

#include <string>
#include <vector>

#include "events/cloud_event.hpp"

namespace vitrine::queries {

/// `{"events":[…]` of the events in order, without the closing brace.
inline std::string open_event_page(const std::vector<events::RecordedEvent>& events) {
    std::string body = "{\"events\":[";
    for (const auto& event : events) {
        if (body.back() != '[') body += ',';
        body += events::to_cloud_event(event);
    }
    body += ']';
    return body;
}

}  // namespace vitrine::queries
