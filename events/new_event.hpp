#pragma once

#include "events/codec.hpp"
#include "events/envelope.hpp"

namespace vitrine::events {

/// An event to be appended. `metadata` as encode_metadata has written it, where several events
/// share it.
NewEvent new_event(EventId id, Encoded encoded, std::string metadata, Timestamp occurred_at);
NewEvent new_event(EventId id, Encoded encoded, const Metadata& metadata, Timestamp occurred_at);

}  // namespace vitrine::events
