#pragma once

#include <vector>

#include "api/http/metrics.hpp"
#include "queries/read_side.hpp"

namespace vitrine::api {

/// What of checkouts waits for a person, how much money is at risk with it and for how long, and
/// why charges were declined, over all tenants.
std::vector<prometheus::MetricFamily> money_metrics(const queries::ReadSide& reads);

}  // namespace vitrine::api
