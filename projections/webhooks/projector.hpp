#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `webhooks`: what became of each delivery that was kept; one row a delivery.
Projection webhooks_projection();

}  // namespace vitrine::projections
