#include "projections/poison.hpp"

#include <SQLiteCpp/Exception.h>

#include <new>

namespace vitrine::projections {

PoisonEvent::PoisonEvent(Position at, std::string event_type, const std::string& reason)
    : std::runtime_error(reason), position(at), type(std::move(event_type)) {}

bool blames_the_event(const std::exception& error) {
    return dynamic_cast<const SQLite::Exception*>(&error) == nullptr &&
           dynamic_cast<const std::bad_alloc*>(&error) == nullptr;
}

void apply_or_name(Projector& projector, const RecordedEvent& event) {
    try {
        projector.apply(event);
    } catch (const std::exception& error) {
        if (!blames_the_event(error)) throw;
        throw PoisonEvent(event.position, event.type, error.what());
    }
}

}  // namespace vitrine::projections
