#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `offers`: one row an offer, for the list and the detail.
Projection offers_projection();

}  // namespace vitrine::projections
