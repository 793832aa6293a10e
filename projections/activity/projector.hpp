#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `activity`: who did what when; one row an event.
Projection activity_projection();

}  // namespace vitrine::projections
