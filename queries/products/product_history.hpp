#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/offers/offer_history.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/products/{id}/events -> {"events":[CloudEvent…],"next_cursor":…|null}: the events of the
/// product's stream, by position. Reads the log on the caller's thread.
Result product_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const ProductId& id,
    const HistoryParameters& parameters
);

}  // namespace vitrine::queries
