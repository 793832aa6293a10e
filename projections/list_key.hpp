#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::projections {

enum class ListSort { created_at, updated_at, name };

/// A place between two rows of a sorted list. It depends on keys alone, so that it outlives any
/// generation.
struct ListKey {
    std::string text;         // of ListSort::name
    std::int64_t number = 0;  // microseconds, of the other sorts
    std::string id;
    bool operator==(const ListKey&) const = default;
};

/// A page of a list. It may have fewer items than asked for, and none, though others follow: the
/// work for one page is bounded.
template <class Item>
struct Page {
    std::vector<Item> items;
    std::optional<ListKey> next;  // what the next page comes after; nullopt: this is the last
};

}  // namespace vitrine::projections
