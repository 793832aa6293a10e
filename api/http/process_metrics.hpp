#pragma once

#include <vector>

#include "api/http/metrics.hpp"

namespace vitrine::api {

/// Which program this is, and what its process takes, by the names that Prometheus has for it.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace vitrine::api
