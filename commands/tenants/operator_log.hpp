#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/codec.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// An event to be told, who did it ("cli:<user>"; empty: not known), and when, if not now.
struct Told {
    events::Encoded event;
    std::string by;
    std::optional<Timestamp> at = {};
};

/// Where events of tenants and keys stand: the log of events::operator_tenant(). What is appended
/// has taken effect already, so it may use the room that is kept for outcomes.
class OperatorLog {
public:
    /// A reference that outlives it.
    OperatorLog(store::EventStore& store, Clock clock, UuidSource new_id);

    /// Behind what the stream has now.
    store::StreamAppend stream(const StreamName& name, std::vector<Told> events);

    /// Waits for the commit; the position of the last event. The fault is a sentence.
    std::expected<Position, std::string> append(std::vector<store::StreamAppend> streams);

private:
    store::EventStore& store_;
    Clock clock_;
    UuidSource new_id_;
};

}  // namespace vitrine::commands
