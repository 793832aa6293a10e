#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/{id}/sales and, without an offer, GET /v1/sales -> {"offer_id"?,"period",
/// "period_start","period_end","totals":[…by currency],"days":[{"day","currency","orders",
/// "revenue_cents","refunds","refunded_cents","net_cents","by_source":[…]}],"position"}: what the
/// platform's webhooks told, in days of America/Sao_Paulo. On the caller's thread.
Result sales(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::optional<OfferId>& offer,
    const std::optional<std::string>& period
);

}  // namespace vitrine::queries
