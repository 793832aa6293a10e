#include "events/unreadable_event.hpp"

namespace vitrine::events {

UnreadableEvent::UnreadableEvent(const RecordedEvent& event, const std::string& why)
    : std::runtime_error(
          event.type + " at position " + std::to_string(event.position) + " cannot be read: " + why
      ),
      position(event.position),
      tenant(event.tenant),
      stream(event.stream) {}

}  // namespace vitrine::events
