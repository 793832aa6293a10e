#pragma once

#include <optional>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/asked_days.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/sales and, without an offer, GET /v1/sales -> {"offer_id"?,"name"?,"period",
/// "from","to","time_zone","period_start","period_end","first_day","last_day",
/// "totals":[…by currency],"days":[{"day","currency","orders","revenue_cents","refunds",
/// "refunded_cents","net_cents","by_source":[…]}],"position"}: what the platform's webhooks told,
/// every day from `from` to `to`; `first_day` and `last_day` are those of the first and the last
/// order of all. On the caller's thread.
Result sales(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::optional<OfferId>& offer,
    const DaysParameters& parameters
);

}  // namespace vitrine::queries
