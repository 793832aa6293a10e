#pragma once

#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/new_event.hpp"
#include "events/offers.hpp"

namespace vitrine::bench {

/// The event as a command handler would append it.
template <class Event>
events::NewEvent new_event(const Event& event, const UuidSource& uuid) {
    events::Metadata metadata;
    metadata.command_id = CommandId(uuid());
    metadata.correlation_id = CorrelationId(metadata.command_id.str());
    metadata.actor = "key:bench";
    return events::new_event(EventId(uuid()), events::encode(event), metadata, system_clock()());
}

}  // namespace vitrine::bench
