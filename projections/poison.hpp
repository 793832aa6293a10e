#pragma once

#include <stdexcept>
#include <string>

#include "core/ids.hpp"
#include "projections/projector.hpp"

namespace vitrine::projections {

/// An event that could not be applied, and is not passed over.
class PoisonEvent : public std::runtime_error {
public:
    PoisonEvent(Position position, std::string type, const std::string& reason);
    Position position;
    std::string type;
};

/// False: the machine is to blame, not the event.
bool blames_the_event(const std::exception& error);

/// Throws PoisonEvent if the event is to blame.
void apply_or_name(Projector& projector, const RecordedEvent& event);

}  // namespace vitrine::projections
