#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analytics/demand/demand.hpp"

namespace vitrine::analytics {

/// A row of a table of sales; NaN and empty: not known.
struct Sale {
    double units{}, log_price{};
    std::string product, place, time;
    std::vector<double> numbers;
    std::vector<std::string> categories;
};

/// Without the units where the columns name none.
std::expected<std::vector<Sale>, std::string> read_sales(
    const Table& table, const DemandColumns& columns, bool with_units
);

/// What the columns of the table are, by the question and by their names and values.
std::expected<DemandColumns, std::string> demand_columns(
    const Table& table, const DemandQuestion& question
);

/// Whether one moment comes before another: by number where both are numbers.
bool is_before(const std::string& one, const std::string& other);

}  // namespace vitrine::analytics
