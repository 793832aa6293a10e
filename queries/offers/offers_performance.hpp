#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/asked_days.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/offers/performance -> {"period","from","to","time_zone","offers":[…],"position"}: one
/// entry per id asked, in their order, either {offer_id, name, slug, status, live{…}} or {offer_id,
/// error{type, detail}}. One call to the platform for each hundred. `most`: so many ids may be
/// asked for, and one at least; `days` as in analytics.
boost::asio::awaitable<Result> offers_performance(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    std::vector<std::string> ids,
    std::size_t most,
    DaysParameters days,
    Language language
);

}  // namespace vitrine::queries
