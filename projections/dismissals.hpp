#pragma once

#include <set>
#include <string>

#include "store/event_store.hpp"

namespace vitrine::projections {

/// The positions of the events that operators have given up for that projection, by the log.
std::set<Position> dismissals(store::EventStore& store, const std::string& projection);

}  // namespace vitrine::projections
