#pragma once

// For the readers: the statement of one page of a list, by key set.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"

namespace SQLite {
class Statement;
}

namespace vitrine::projections {

/// Builds "<select> WHERE tenant=? AND … ORDER BY <sort>,<id> LIMIT ?". What it is given outlives
/// `bind` and the steps.
class ListQuery {
public:
    ListQuery(std::string_view select, std::string_view id_column);

    void filter(std::string_view column, std::string_view value);  // empty value: no filter
    void search(std::string_view folded);
    void order(ListSort sort, bool descending, const std::optional<ListKey>& after);
    void limit(std::size_t rows) { limit_ = rows; }

    std::string sql() const;
    void bind(SQLite::Statement& statement, const TenantId& tenant) const;

private:
    std::string where_;
    std::string order_;
    std::string id_column_;
    std::vector<std::string_view> texts_;
    std::optional<ListKey> after_;
    ListSort sort_ = ListSort::created_at;
    std::size_t limit_ = 50;
};

ListKey list_key(
    const std::string& id,
    const std::string& name_key,
    Timestamp created_at,
    Timestamp updated_at,
    ListSort sort
);

}  // namespace vitrine::projections
