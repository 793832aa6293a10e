#include "analytics/binary/outcomes.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/text.hpp"

namespace vitrine::analytics {
namespace {

constexpr std::array<std::string_view, 9> yes{
    "1", "1.0", "yes", "y", "true", "t", "sim", "s", "positive"
};

bool is_yes(std::string_view value) {
    return std::ranges::find(yes, fold(value)) != yes.end();
}

}  // namespace

std::expected<Outcomes, std::string> read_outcomes(const Table& table, std::string_view target) {
    const auto column = table.column(target);
    if (!column) return std::unexpected(column.error());
    std::map<std::string, std::size_t> counts;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto& value = table.rows[row][*column];
        if (value.empty())
            return std::unexpected(table.fault(row, "has no " + std::string(target)));
        ++counts[value];
        if (counts.size() > 2) {
            return std::unexpected(table.fault(
                row,
                "has a third value of " + std::string(target) + ", \"" + value + "\"; two are meant"
            ));
        }
    }
    if (counts.size() < 2) {
        return std::unexpected("the column " + std::string(target) + " has not two values");
    }
    const auto& [first, first_count] = *counts.begin();
    const auto& [second, second_count] = *counts.rbegin();
    Outcomes outcomes;
    if (is_yes(first) != is_yes(second)) {
        outcomes.positive = is_yes(first) ? first : second;
    } else {
        outcomes.positive = first_count < second_count ? first : second;
    }
    for (const auto& row : table.rows)
        outcomes.came.push_back(row[*column] == outcomes.positive ? 1 : 0);
    return outcomes;
}

}  // namespace vitrine::analytics
