#pragma once

#include <vector>

#include "api/http/metrics.hpp"
#include "queries/read_side.hpp"

namespace vitrine::api {

/// How many processes are in which state, how many of their timers are overdue, and how late timers
/// fired, by kind.
std::vector<prometheus::MetricFamily> processes_metrics(const queries::ReadSide& reads);

}  // namespace vitrine::api
