#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace vitrine::projections {

/// A page of a list. It may have fewer items than asked for, and none, though others follow: the
/// work for one page is bounded. Key: a place between two rows of the list.
template <class Item, class Key>
struct Page {
    std::vector<Item> items;
    std::optional<Key> next;  // what the next page comes after; nullopt: this is the last
};

/// Looks through rows in their order, until `limit` of them fit and there is one more that does, or
/// `most` were looked at. `look(row, key)` is the item of a row that fits, and notes its place.
template <class Item, class Key, class Rows, class Look>
Page<Item, Key> look_through(Rows rows, std::size_t limit, std::size_t most, Look look) {
    Page<Item, Key> page;
    Key last{}, key{};
    for (std::size_t looked_at = 0; rows.next(); ++looked_at) {
        std::optional<Item> item;
        if (looked_at < most) item = look(rows, key);
        if (looked_at == most || (item && page.items.size() == limit)) {
            page.next = std::move(last);
            break;
        }
        if (item) page.items.push_back(*std::move(item));
        last = key;
    }
    return page;
}

}  // namespace vitrine::projections
