#pragma once

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/projections -> {"projections":[{name, version, generation, state, position, lag,
/// lag_seconds, parked, build?, failure?}],"head":N}. `parked` counts the events a projection could
/// not apply, with those that wait for them; `build` is how far a build or a rebuild is.
/// Of no tenant: positions and reasons only, no data.
Result projections_status(const ReadSide& reads);

}  // namespace vitrine::queries
