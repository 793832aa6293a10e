#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/live_metrics.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// As they came in; absent: nullopt.
struct AnalyticsParameters {
    std::optional<std::string> period;         // default 30_days
    std::optional<std::string> include;        // comma list of conversion_rate, revenue, traffic
    std::optional<std::string> as_of;          // of the read model's part: what read_moment takes
    std::optional<std::string> as_of_version;  // likewise: what read_version takes; not with as_of
};

/// GET /v1/offers/{id}/analytics: the read model and the platform asked at the same time. A
/// platform that fails or is slow never makes the query fail; live.status tells. Resumes on the
/// caller's executor.
boost::asio::awaitable<Result> offer_analytics(
    const ReadSide& reads,
    LiveMetrics& live,
    TenantId tenant,
    OfferId id,
    AnalyticsParameters parameters
);

}  // namespace vitrine::queries
