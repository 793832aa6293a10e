#include "analytics/baskets/baskets.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analytics/table.hpp"

namespace vitrine::analytics {
namespace {

using Names = std::vector<std::set<std::string, std::less<>>>;

bool has_header(const Table& records) {
    return !records.rows.empty() && records.rows.front().size() >= 2 &&
           records.rows.front()[0] == "basket" && records.rows.front()[1] == "item";
}

std::expected<Names, std::string> by_rows(const Table& records) {
    Names baskets;
    std::map<std::string, std::size_t> numbers;
    for (std::size_t row = 1; row < records.rows.size(); ++row) {
        const auto& fields = records.rows[row];
        if (fields.size() != records.rows.front().size())
            return std::unexpected(records.fault(row, "has not as many fields as the header"));
        if (fields[0].empty()) return std::unexpected(records.fault(row, "has no basket"));
        if (fields[1].empty()) return std::unexpected(records.fault(row, "has no item"));
        const auto [number, is_new] = numbers.try_emplace(fields[0], baskets.size());
        if (is_new) baskets.emplace_back();
        baskets[number->second].insert(fields[1]);
    }
    return baskets;
}

std::expected<Names, std::string> by_lines(const Table& records) {
    Names baskets;
    for (std::size_t row = 0; row < records.rows.size(); ++row) {
        auto& basket = baskets.emplace_back();
        for (const auto& item : records.rows[row]) {
            if (item.empty())
                return std::unexpected(records.fault(row, "has an item without a name"));
            basket.insert(item);
        }
    }
    return baskets;
}

}  // namespace

std::expected<Baskets, std::string> read_baskets(std::string_view csv) {
    const auto records = read_records(csv);
    if (!records) return std::unexpected(records.error());
    const auto names = has_header(*records) ? by_rows(*records) : by_lines(*records);
    if (!names) return std::unexpected(names.error());
    if (names->empty()) return std::unexpected("there is no basket");
    Baskets all;
    std::map<std::string_view, std::size_t> numbers;
    for (const auto& basket : *names)
        for (const auto& item : basket) numbers.emplace(item, 0);
    for (auto& [name, number] : numbers) {
        number = all.items.size();
        all.items.emplace_back(name);
    }
    for (const auto& basket : *names) {
        auto& items = all.baskets.emplace_back();
        for (const auto& item : basket) items.push_back(numbers.at(item));
    }
    return all;
}

std::vector<std::size_t> item_counts(const Baskets& baskets) {
    std::vector<std::size_t> counts(baskets.items.size(), 0);
    for (const auto& basket : baskets.baskets)
        for (const auto item : basket) ++counts[item];
    return counts;
}

}  // namespace vitrine::analytics
