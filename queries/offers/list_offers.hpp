#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/list_parameters.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers -> {"items":[…],"next_cursor":…|null}. On the caller's thread.
Result list_offers(const ReadSide& reads, const TenantId& tenant, const ListParameters& parameters);

}  // namespace vitrine::queries
