#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/asked_days.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// As they came in.
struct BestSellersParameters {
    std::optional<std::string> by = {};  // offer (unless told) or source
    DaysParameters days = {};            // everything unless told
    std::optional<std::string> currency = {}, limit = {}, cursor = {};
};

/// GET /v1/analytics/best-sellers -> {"by","period","from","to","time_zone","items":[{"offer_id",
/// "clubify_offer_id","name" | "source","currency","orders","revenue_cents","refunds",
/// "refunded_cents","net_cents","share"}],"totals":[…by currency],"next_cursor","position"}: what
/// sold most by revenue, one currency after the other, that with the most orders first. `refunds`
/// are orders of which something was given back. Totals are of everything, not of the items alone,
/// and `share` is the part of the total of its currency, 0 to 1. On the caller's thread.
Result best_sellers(
    const ReadSide& reads, const TenantId& tenant, const BestSellersParameters& parameters
);

}  // namespace vitrine::queries
