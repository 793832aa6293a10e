#pragma once

#include <map>
#include <optional>
#include <string>

#include "events/projections.hpp"
#include "projections/parked.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// Why events were given up, by their positions.
using Dismissals = std::map<Position, std::string>;

/// What operators decided about parked events. nullopt: the event is of another kind, or cannot be
/// read; then nothing is decided, and what is parked can be retried or dismissed again.
std::optional<events::ProjectionEvent> decision_in(const events::RecordedEvent& event);

/// Of the event at one of its positions: what was wrong with it, and what the operator said.
std::string why_dismissed(const events::ParkedStreamDismissed& dismissal, std::size_t index);

/// As which the event is kept if it was given up; nullopt: it was not.
std::optional<ParkedEvent> given_up(
    const Dismissals& dismissals, const events::RecordedEvent& event
);

/// Those of one decision.
Dismissals dismissals_of(const events::ParkedStreamDismissed& dismissal);

/// The events that operators have given up for that projection, by the log.
Dismissals dismissals(store::EventStore& store, const std::string& projection);

}  // namespace vitrine::projections
