#include "projections/list_sql.hpp"

#include "projections/sql.hpp"

namespace vitrine::projections {
namespace {

std::string_view column_of(ListSort sort) {
    switch (sort) {
        case ListSort::created_at:
            return "created_at";
        case ListSort::updated_at:
            return "updated_at";
        case ListSort::name:
            return "search";
    }
    return {};
}

}  // namespace

std::string list_sql(
    std::string_view select,
    std::string_view id_column,
    std::string_view status_column,
    const ListPage& page
) {
    const std::string column(column_of(page.sort));
    const std::string id(id_column);
    const std::string direction = page.descending ? " DESC" : "";
    auto sql = std::string(select) + " WHERE tenant=?1 AND (?2='' OR " +
               std::string(status_column) +
               "=?2) AND (?3='' OR type=?3) AND (?4='' OR instr(search,?4)>0)";
    if (page.after) {
        sql += " AND (" + column + ',' + id + ')' + (page.descending ? '<' : '>') + "(?5,?6)";
    }
    return sql + " ORDER BY " + column + direction + ',' + id + direction + " LIMIT ?7";
}

Statement::Run run_list(Statement& statement, const TenantId& tenant, const ListPage& page) {
    static const ListKey start;
    const auto& key = page.after ? *page.after : start;
    if (page.sort == ListSort::name) {
        return statement.run(
            tenant, page.status, page.type, page.search, key.text, key.id, page.limit
        );
    }
    return statement.run(
        tenant, page.status, page.type, page.search, key.number, key.id, page.limit
    );
}

ListKey list_key(
    const std::string& id,
    const std::string& name_key,
    Timestamp created_at,
    Timestamp updated_at,
    ListSort sort
) {
    ListKey key;
    key.id = id;
    if (sort == ListSort::name) {
        key.text = name_key;
    } else {
        const auto time = sort == ListSort::created_at ? created_at : updated_at;
        key.number = time.time_since_epoch().count();
    }
    return key;
}

}  // namespace vitrine::projections
