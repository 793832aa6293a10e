#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "queries/asked_days.hpp"
#include "queries/live_metrics.hpp"

namespace vitrine::queries {

/// The member `live` of an answer: {status, as_of, code?, reason?, period_start, period_end,
/// same_period, currency} and the figures that `include` asks for (empty: all of conversion_rate,
/// revenue and traffic). What the platform did not give is null.
nlohmann::ordered_json live_json(
    const LiveFigures& figures,
    const std::vector<std::string>& include,
    const AskedDays& asked,
    Language language
);

}  // namespace vitrine::queries
