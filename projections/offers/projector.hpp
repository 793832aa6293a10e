#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `offers`: one row an offer, for the list and the detail, and one a product: what offers show of
/// it.
Projection offers_projection();

/// Those that change what an offer is.
std::vector<std::string> offer_event_types();

}  // namespace vitrine::projections
