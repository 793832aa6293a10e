#pragma once

#include <optional>
#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"
#include "store/event_store.hpp"

namespace vitrine::queries {

/// The event that made the offer what it was after the event at `at`. nullopt: there was no such
/// offer. Reads the log on the caller's thread.
std::optional<store::RecordedEvent> last_event_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, Position at
);

/// Why the read model lacks the version that `event` made, though it has come that far: not_ready
/// or given_up, with a detail that names both, if the event is parked or was dismissed.
QueryError why_missing(
    const ReadSide& reads, std::string_view model, const store::RecordedEvent& event
);

}  // namespace vitrine::queries
