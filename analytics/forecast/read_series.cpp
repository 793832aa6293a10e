#include <algorithm>

#include "analytics/forecast/forecast.hpp"
#include "analytics/table.hpp"

namespace vitrine::analytics {
namespace {

std::expected<std::vector<double>, std::string> parse_values(std::string_view text) {
    std::vector<double> values;
    while (true) {
        const auto begin = text.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) break;
        text.remove_prefix(begin);
        const auto word = text.substr(0, text.find_first_of(" \t\r\n"));
        const auto value = parse_number(word);
        if (!value) {
            return std::unexpected("has \"" + std::string(word) + "\" among its values, no number");
        }
        values.push_back(*value);
        text.remove_prefix(word.size());
    }
    if (values.empty()) return std::unexpected("has no values");
    return values;
}

}  // namespace

std::expected<std::vector<Series>, std::string> read_series(std::string_view csv) {
    const auto table = read_table(csv);
    if (!table) return std::unexpected(table.error());
    const auto name = table->column("series");
    if (!name) return std::unexpected(name.error());
    const auto values = table->column("values");
    if (!values) return std::unexpected(values.error());
    std::vector<Series> all;
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
        auto parsed = parse_values(table->rows[row][*values]);
        if (!parsed) return std::unexpected(table->fault(row, parsed.error()));
        all.push_back({table->rows[row][*name], *std::move(parsed)});
    }
    if (all.empty()) return std::unexpected("there is no series under the header");
    return all;
}

}  // namespace vitrine::analytics
