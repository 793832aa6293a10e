#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/asked_days.hpp"
#include "queries/live_metrics.hpp"
#include "queries/moment.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// As they came in, but as_of; absent: nullopt.
struct AnalyticsParameters {
    DaysParameters days;                 // of sales and live; 30_days unless told
    std::optional<std::string> include;  // comma list of conversion_rate, revenue, traffic
    std::optional<AsOf> as_of = {};      // of the read model's part
    Language language = Language::english;
};

/// GET /v1/offers/{id}/analytics: the read model and the platform asked at the same time. `sales`
/// is what the offer sold on the days asked about, as the platform's webhooks told; of the past it
/// is null. `live.same_period` says whether the platform's window is these days. A
/// platform that fails or is slow never makes the query fail; live.status tells. not_ready if what
/// was the offer's last event then is parked. Resumes on the caller's executor.
boost::asio::awaitable<Result> offer_analytics(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    OfferId id,
    AnalyticsParameters parameters
);

}  // namespace vitrine::queries
