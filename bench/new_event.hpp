#pragma once

#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/codec.hpp"

namespace vitrine::bench {

/// The event as a command handler would append it.
inline events::NewEvent new_event(const events::OfferEvent& event, const UuidSource& uuid) {
    auto encoded = events::encode(event);
    events::Metadata metadata;
    metadata.command_id = CommandId(uuid());
    metadata.correlation_id = CorrelationId(metadata.command_id.str());
    metadata.actor = "key:bench";
    events::NewEvent made;
    made.id = EventId(uuid());
    made.type = std::move(encoded.type);
    made.schema = encoded.schema;
    made.data = std::move(encoded.data);
    made.metadata = events::encode_metadata(metadata);
    made.occurred_at = system_clock()();
    return made;
}

}  // namespace vitrine::bench
