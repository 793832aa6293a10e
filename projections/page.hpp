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
/// `may_go_on()`, asked before each, says no. `look(row, key)` is the item of a row that fits, and
/// notes its place.
template <class Item, class Key, class Rows, class MayGoOn, class Look>
Page<Item, Key> look_through(Rows rows, std::size_t limit, MayGoOn may_go_on, Look look) {
    Page<Item, Key> page;
    Key last{}, key{};
    while (rows.next()) {
        const bool looks = may_go_on();
        std::optional<Item> item;
        if (looks) item = look(rows, key);
        if (!looks || (item && page.items.size() == limit)) {
            page.next = std::move(last);
            break;
        }
        if (item) page.items.push_back(*std::move(item));
        last = key;
    }
    return page;
}

/// So many times.
class AtMost {
public:
    explicit AtMost(std::size_t times) : left_(times) {}
    bool operator()() {
        if (left_ == 0) return false;
        --left_;
        return true;
    }

private:
    std::size_t left_;
};

}  // namespace vitrine::projections
