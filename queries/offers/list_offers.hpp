#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/list_parameters.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Whether the list wants the read model `sales` too.
bool wants_sales(const ListParameters& parameters);

/// GET /v1/offers -> {"items":[…],"next_cursor":…|null}. By revenue, or with a period, each item
/// has `revenue_cents` and `orders` of those days (all unless told), which stand beside `items`
/// then. On the caller's thread.
Result list_offers(const ReadSide& reads, const TenantId& tenant, const ListParameters& parameters);

}  // namespace vitrine::queries
