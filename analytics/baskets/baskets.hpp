#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::analytics {

/// What was bought together, by the numbers of items; an item is in a basket once.
struct Baskets {
    std::vector<std::string> items;  // in the order of their names
    std::vector<std::vector<std::size_t>> baskets;
};

/// One basket a line, or rows under the header basket,item. A fault names its line.
std::expected<Baskets, std::string> read_baskets(std::string_view csv);

/// How many baskets each item is in.
std::vector<std::size_t> item_counts(const Baskets& baskets);

}  // namespace vitrine::analytics
