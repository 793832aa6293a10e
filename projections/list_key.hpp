#pragma once

#include <cstdint>
#include <string>

#include "projections/page.hpp"

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

template <class Item>
using ListItems = Page<Item, ListKey>;

}  // namespace vitrine::projections
