#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/period.hpp"
#include "projections/sales/reader.hpp"

namespace vitrine::queries {

/// Puts orders, revenue_cents, refunds, refunded_cents and net_cents.
void put_sum(nlohmann::ordered_json& json, const projections::SalesSum& sum);

/// null: not told.
nlohmann::ordered_json text_or_null(const std::string& text);

/// A sum for each currency: amounts of different ones are never added up.
nlohmann::ordered_json totals_json(const std::vector<projections::DaySales>& sales);

/// Every one of the days for each currency that was sold in, with the sums of each source; if there
/// was none, for `currency` (empty: not known). `sales` is in the order of day and currency.
nlohmann::ordered_json days_json(
    const std::vector<projections::DaySales>& sales, const Days& days, const std::string& currency
);

}  // namespace vitrine::queries
