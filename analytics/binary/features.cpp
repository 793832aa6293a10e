#include "analytics/binary/features.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace vitrine::analytics {
namespace {

constexpr std::size_t most_categories = 30;
constexpr std::size_t least_rows_of_category = 5;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_number_column(const Table& table, std::size_t column) {
    bool any = false;
    for (const auto& row : table.rows) {
        const auto text = trimmed(row[column]);
        if (text.empty()) continue;
        if (!parse_number(text)) return false;
        any = true;
    }
    return any;
}

std::vector<std::string> frequent_categories(const Table& table, std::size_t column) {
    std::map<std::string, std::size_t> counts;
    for (const auto& row : table.rows) ++counts[std::string(trimmed(row[column]))];
    std::vector<std::pair<std::size_t, std::string>> sorted;
    for (const auto& [category, count] : counts)
        if (count >= least_rows_of_category) sorted.emplace_back(count, category);
    std::ranges::sort(sorted, [](const auto& one, const auto& other) {
        return one.first != other.first ? one.first > other.first : one.second < other.second;
    });
    if (sorted.size() > most_categories) sorted.resize(most_categories);
    std::vector<std::string> categories;
    for (const auto& [count, category] : sorted) categories.push_back(category);
    // Of two, one says it all.
    if (counts.size() == 2 && categories.size() == 2) categories.pop_back();
    return categories;
}

}  // namespace

std::vector<FeatureColumn> feature_columns(
    const Table& table, const std::vector<std::string>& without
) {
    std::vector<FeatureColumn> columns;
    for (std::size_t i = 0; i < table.names.size(); ++i) {
        if (std::ranges::find(without, table.names[i]) != without.end()) continue;
        FeatureColumn column{.name = table.names[i], .is_number = false, .categories = {}};
        column.is_number = is_number_column(table, i);
        if (!column.is_number) column.categories = frequent_categories(table, i);
        if (column.width() > 0) columns.push_back(std::move(column));
    }
    return columns;
}

std::expected<Features, std::string> features_of(
    const Table& table, const std::vector<FeatureColumn>& columns
) {
    Eigen::Index width = 0;
    for (const auto& column : columns) width += static_cast<Eigen::Index>(column.width());
    Features features = Features::Zero(static_cast<Eigen::Index>(table.rows.size()), width);
    Eigen::Index first = 0;
    for (const auto& column : columns) {
        const auto at = table.column(column.name);
        if (!at) return std::unexpected(at.error());
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            const auto text = trimmed(table.rows[row][*at]);
            const auto r = static_cast<Eigen::Index>(row);
            if (column.is_number) {
                const auto value = parse_number(text);
                if (!value && !text.empty()) {
                    return std::unexpected(table.fault(
                        row, "has \"" + std::string(text) + "\" for the number " + column.name
                    ));
                }
                features(r, first) = value.value_or(std::nan(""));
                continue;
            }
            const auto found = std::ranges::find(column.categories, text);
            if (found != column.categories.end())
                features(r, first + (found - column.categories.begin())) = 1;
        }
        first += static_cast<Eigen::Index>(column.width());
    }
    return features;
}

std::vector<std::size_t> columns_of_features(const std::vector<FeatureColumn>& columns) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < columns.size(); ++i)
        numbers.insert(numbers.end(), columns[i].width(), i);
    return numbers;
}

}  // namespace vitrine::analytics
