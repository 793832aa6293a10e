#pragma once

#include <string>

#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/projections/{name}/parked -> {"projection","parked":[{position, event_id, stream, type,
/// state, reason}]}: the tenant's events that are not in that read model though it wants them, in
/// the order of the log; ?all=true: those that were dismissed too. `state` is parked, blocking or
/// dismissed.
Result parked_events(
    const ReadSide& reads, const TenantId& tenant, const std::string& projection, bool all
);

}  // namespace vitrine::queries
