#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/events/history.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/events -> {"events":[CloudEvent…],"next_cursor":…|null}: the events of the
/// offer's stream and the failed attempts at it, by position. Reads the log on the caller's thread.
Result offer_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const HistoryParameters& parameters
);

}  // namespace vitrine::queries
