#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// Those that change what an offer is.
std::vector<std::string> offer_event_types();

}  // namespace vitrine::projections
