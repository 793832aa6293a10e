#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "sandbox/json.hpp"
#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {

/// What lists filter by and look-ups need, taken from the object when it is stored.
struct Facets {
    std::string name;
    std::string slug;  // of a customer: the e-mail address
    std::string status;
    std::string type;
    std::string currency;
    bool active = false;
    bool featured = false;
    Timestamp created{};
};

Facets facets_of(const Json& object);

/// One stored object. `space` is whose it is: see space_of() in grant.hpp.
struct Row {
    std::string id;
    std::string space;
    std::string text;  // the object as it is answered
    Facets facets;
    std::uint64_t ordinal = 0;  // counts creations in this table
};

/// The objects of one kind, apart by space. Rows stay where they are until erased.
class Table {
public:
    const Row* find(std::string_view space, std::string_view id) const;
    const Row* find_slug(std::string_view space, std::string_view slug) const;
    bool holds_anywhere(std::string_view id) const;
    /// The oldest with that slug in any space.
    const Row* find_slug_anywhere(std::string_view slug) const;
    /// In order of creation.
    const std::vector<const Row*>& rows(std::string_view space) const;
    /// Of all spaces, in order of creation.
    std::vector<const Row*> all() const;
    std::size_t size() const { return size_; }

    /// Adds the row, or replaces the one of that space and id. True: it is new.
    bool put(Row row);
    bool erase(std::string_view space, std::string_view id);

private:
    struct Shelf {
        TextMap<std::unique_ptr<Row>> by_id;
        TextMap<const Row*> by_slug;
        std::vector<const Row*> in_order;
    };

    const Shelf* shelf(std::string_view space) const;

    TextMap<Shelf> shelves_;
    std::uint64_t created_ = 0;
    std::size_t size_ = 0;
};

}  // namespace vitrine::sandbox
