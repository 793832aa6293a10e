#pragma once

#include <stdexcept>
#include <string>

#include "events/envelope.hpp"

namespace vitrine::events {

/// An event whose payload is not what its type promises: a faulty program wrote it, or it was
/// altered. Says type, position and what is wrong.
class UnreadableEvent : public std::runtime_error {
public:
    UnreadableEvent(const RecordedEvent& event, const std::string& why);
    Position position;
    TenantId tenant;
    StreamName stream;
};

}  // namespace vitrine::events
