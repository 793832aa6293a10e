#pragma once

#include <map>
#include <string>

#include "events/projections.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// Why events were given up, by their positions.
using Dismissals = std::map<Position, std::string>;

/// Of the event at one of its positions: what was wrong with it, and what the operator said.
std::string why_dismissed(const events::ParkedStreamDismissed& dismissal, std::size_t index);

/// Those of one decision.
Dismissals dismissals_of(const events::ParkedStreamDismissed& dismissal);

/// The events that operators have given up for that projection, by the log.
Dismissals dismissals(store::EventStore& store, const std::string& projection);

}  // namespace vitrine::projections
