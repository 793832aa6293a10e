#pragma once

// For the readers: one page of a list, by key set.

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_key.hpp"
#include "projections/read_model.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// What a page of a list is asked by. Empty texts do not filter.
struct ListPage {
    std::string_view status;
    std::string_view type;
    std::string_view search;       // folded
    std::string_view word = {};    // as it stands in what is searched, between its marks
    std::string_view column = {};  // one that is looked_up, which is to be `value`; empty: none
    std::string_view value = {};
    struct Created {
        Timestamp begin, end;  // the end not in it
    };
    std::optional<Created> created = {};
    ListSort sort = ListSort::created_at;
    bool descending = true;
    const std::optional<ListKey>& after;
    std::size_t limit = 50;
};

/// Rows that one page looks at. Where few fit, there may be many more in between.
constexpr std::size_t most_looked_at = 10'000;

/// A list's table and its columns: those that every list has first, then the item's own.
struct ListSource {
    std::string_view table;
    std::string_view id_column;
    std::string_view status_column;  // "''": it has none
    std::string_view item_columns;
    static constexpr int first_item_column = 6;
};

std::string list_sql(const ListSource& source, const ListPage& page);

/// The table of per_stream.hpp by the index of one of its looked_up columns: without statistics
/// SQLite would go through all rows of a tenant in the order that is asked for.
std::string by_index(std::string_view table, std::string_view column);

/// Runs the statement of list_sql, in the order of the page, from where it begins. `page` outlives
/// the Run.
Statement::Run run_list(Statement& statement, const TenantId& tenant, const ListPage& page);

/// Of a row of that statement.
bool fits(const Statement::Run& row, const ListPage& page);
ListKey key_of(const Statement::Run& row, ListSort sort);

/// `item_of(row)` makes an Item.
template <class Item, class ItemOf>
ListItems<Item> read_list(
    Lease& lease,
    const ListSource& source,
    const TenantId& tenant,
    const ListPage& wanted,
    ItemOf item_of
) {
    lease.read_position();
    auto& select = lease.statement(list_sql(source, wanted));
    const auto look = [&](const Statement::Run& row, ListKey& key) -> std::optional<Item> {
        key = key_of(row, wanted.sort);
        if (!fits(row, wanted)) return std::nullopt;
        return item_of(row);
    };
    return look_through<Item, ListKey>(
        run_list(select, tenant, wanted), wanted.limit, AtMost(most_looked_at), look
    );
}

}  // namespace vitrine::projections
