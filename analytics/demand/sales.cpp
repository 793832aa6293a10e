#include "analytics/demand/sales.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/text.hpp"

namespace vitrine::analytics {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t most_categories = 60;

std::string named_like(const Table& table, const std::string& asked, const Words& words) {
    if (!asked.empty()) return asked;
    for (const auto word : words)
        for (const auto& name : table.names)
            if (fold(name) == word || fold(name) == std::string(word) + "_id") return name;
    return {};
}

struct Values {
    bool are_numbers = true;
    std::size_t distinct = 0;
};

Values values_of(const Table& table, std::size_t column) {
    Values values;
    std::set<std::string_view> seen;
    for (const auto& row : table.rows) {
        if (!row[column].empty() && !parse_number(row[column])) values.are_numbers = false;
        if (seen.size() <= most_categories) seen.insert(row[column]);
    }
    values.distinct = seen.size();
    return values;
}

}  // namespace

std::expected<DemandColumns, std::string> demand_columns(
    const Table& table, const DemandQuestion& question
) {
    DemandColumns columns;
    columns.units = question.units;
    columns.price = question.price;
    columns.product =
        named_like(table, question.product, {"product", "sku", "item", "brand", "article", "upc"});
    columns.place = named_like(
        table, question.place, {"store", "shop", "place", "region", "market", "city", "channel"}
    );
    columns.time = named_like(
        table, question.time, {"date", "week", "day", "month", "period", "time", "year"}
    );
    const std::set<std::string> special{
        columns.units, columns.price, columns.product, columns.place, columns.time
    };
    for (const auto& name : special) {
        if (name.empty()) continue;
        if (const auto column = table.column(name); !column) return std::unexpected(column.error());
    }
    for (std::size_t i = 0; i < table.names.size(); ++i) {
        const auto& name = table.names[i];
        if (special.contains(name)) continue;
        const auto values = values_of(table, i);
        if (values.distinct < 2) continue;
        if (values.are_numbers) {
            columns.numbers.push_back(name);
        } else if (values.distinct <= most_categories) {
            columns.categories.push_back(name);
        }
    }
    return columns;
}

std::expected<std::vector<Sale>, std::string> read_sales(
    const Table& table, const DemandColumns& columns, bool with_units
) {
    const auto price = table.column(columns.price);
    if (!price) return std::unexpected(price.error());
    std::optional<std::size_t> units;
    if (with_units) {
        const auto found = table.column(columns.units);
        if (!found) return std::unexpected(found.error());
        units = *found;
    }
    std::vector<std::size_t> numbers, categories;
    for (const auto& [names, found] :
         {std::pair{&columns.numbers, &numbers}, std::pair{&columns.categories, &categories}}) {
        for (const auto& name : *names) {
            const auto column = table.column(name);
            if (!column) return std::unexpected(column.error());
            found->push_back(*column);
        }
    }
    std::array<std::optional<std::size_t>, 3> keys;
    for (std::size_t i = 0; const auto* name : {&columns.product, &columns.place, &columns.time}) {
        if (!name->empty()) {
            const auto column = table.column(*name);
            if (!column) return std::unexpected(column.error());
            keys[i] = *column;
        }
        ++i;
    }
    std::vector<Sale> sales;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto& fields = table.rows[row];
        Sale sale;
        const auto its_price = parse_number(fields[*price]);
        if (!its_price || !(*its_price > 0)) {
            return std::unexpected(table.fault(
                row,
                "has a " + columns.price + " that is not a number above zero: " + fields[*price]
            ));
        }
        sale.log_price = std::log(*its_price);
        if (units) {
            const auto sold = parse_number(fields[*units]);
            if (!sold || *sold < 0) {
                return std::unexpected(table.fault(
                    row,
                    "has " + columns.units + " that are not a number from zero: " + fields[*units]
                ));
            }
            sale.units = *sold;
        }
        if (keys[0]) sale.product = fields[*keys[0]];
        if (keys[1]) sale.place = fields[*keys[1]];
        if (keys[2]) sale.time = fields[*keys[2]];
        for (const auto column : numbers) {
            const auto value = parse_number(fields[column]);
            if (!value && !fields[column].empty()) {
                return std::unexpected(table.fault(
                    row, "has \"" + fields[column] + "\" for the number " + table.names[column]
                ));
            }
            sale.numbers.push_back(value.value_or(std::nan("")));
        }
        for (const auto column : categories) sale.categories.push_back(fields[column]);
        sales.push_back(std::move(sale));
    }
    return sales;
}

bool is_before(const std::string& one, const std::string& other) {
    const auto a = parse_number(one), b = parse_number(other);
    if (a && b) return *a < *b;
    if (a || b) return a.has_value();
    return one < other;
}

}  // namespace vitrine::analytics
