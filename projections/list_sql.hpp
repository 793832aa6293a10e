#pragma once

// For the readers: one page of a list, by key set.

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// What a page of a list is asked by. Empty texts do not filter.
struct ListPage {
    std::string_view status;
    std::string_view type;
    std::string_view search;  // folded
    ListSort sort = ListSort::created_at;
    bool descending = true;
    const std::optional<ListKey>& after;
    std::size_t limit = 50;
};

/// "<select> WHERE tenant=? AND … ORDER BY <sort>,<id> LIMIT ?". Lists without a status pass
/// "''" as its column.
std::string list_sql(
    std::string_view select,
    std::string_view id_column,
    std::string_view status_column,
    const ListPage& page
);

/// Runs the statement of list_sql. `page` outlives the Run.
Statement::Run run_list(Statement& statement, const TenantId& tenant, const ListPage& page);

ListKey list_key(
    const std::string& id,
    const std::string& name_key,
    Timestamp created_at,
    Timestamp updated_at,
    ListSort sort
);

}  // namespace vitrine::projections
