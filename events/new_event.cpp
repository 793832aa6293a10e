#include "events/new_event.hpp"

namespace vitrine::events {

NewEvent new_event(EventId id, Encoded encoded, std::string metadata, Timestamp occurred_at) {
    return {
        std::move(id),
        std::move(encoded.type),
        encoded.schema,
        std::move(encoded.data),
        std::move(metadata),
        occurred_at
    };
}

NewEvent new_event(EventId id, Encoded encoded, const Metadata& metadata, Timestamp occurred_at) {
    return new_event(std::move(id), std::move(encoded), encode_metadata(metadata), occurred_at);
}

}  // namespace vitrine::events
