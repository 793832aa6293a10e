#pragma once

#include <Eigen/Core>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analytics/table.hpp"

namespace vitrine::analytics {

/// A row for each row of the table, a column for each feature; NaN: not known.
using Features = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A column of a table and the features it gives: one of numbers, or one for each of its frequent
/// categories (the empty one too).
struct FeatureColumn {
    std::string name;
    bool is_number = false;
    std::vector<std::string> categories;

    std::size_t width() const { return is_number ? 1 : categories.size(); }
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FeatureColumn, name, is_number, categories)

/// Columns whose filled fields are all numbers are numbers, others categories.
std::vector<FeatureColumn> feature_columns(
    const Table& table, const std::vector<std::string>& without
);

/// A fault names the column that is missing, or the line of what is no number.
std::expected<Features, std::string> features_of(
    const Table& table, const std::vector<FeatureColumn>& columns
);

/// Of each feature, the number of its column.
std::vector<std::size_t> columns_of_features(const std::vector<FeatureColumn>& columns);

}  // namespace vitrine::analytics
