#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `offer_analytics`: per offer its product count, revisions, price history, time in each status
/// and failed attempts.
Projection offer_analytics_projection();

}  // namespace vitrine::projections
