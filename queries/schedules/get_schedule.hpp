#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

inline constexpr const char* schedules_model = "schedules";

/// GET /v1/offers/{id}/schedule: one row of the read model; of an offer for which nothing was ever
/// scheduled {"offer_id":…,"revision":0,"outcomes":{},"status":"none"}, without a version.
Result get_schedule(const ReadSide& reads, const TenantId& tenant, const OfferId& id);

}  // namespace vitrine::queries
