#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `offers`: one row an offer, for the list and the detail.
Projection offers_projection();

/// Those that change what an offer is.
std::vector<std::string> offer_event_types();

}  // namespace vitrine::projections
