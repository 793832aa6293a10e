#include "projections/list_sql.hpp"

#include <fmt/format.h>

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

std::string list_sql(const ListSource& source, const ListPage& page) {
    const auto column = column_of(page.sort);
    const auto id = source.id_column;
    const auto* direction = page.descending ? " DESC" : "";
    std::string after;
    if (page.after) {
        after = fmt::format(" AND ({},{}){}(?2,?3)", column, id, page.descending ? '<' : '>');
    }
    std::string table(source.table);
    if (!page.column.empty()) {
        after += fmt::format(" AND {}=?4", page.column);
        table = by_index(source.table, page.column);
    }
    if (page.created) after += " AND created_at>=?5 AND created_at<?6";
    return fmt::format(
        "SELECT {0},search,created_at,updated_at,type,{1},{2} FROM {3} WHERE tenant=?1{4}"
        " ORDER BY {5}{6},{0}{6} LIMIT {7}",
        id,
        source.status_column,
        source.item_columns,
        table,
        after,
        column,
        direction,
        most_looked_at + 1
    );
}

std::string by_index(std::string_view table, std::string_view column) {
    return fmt::format("{0} INDEXED BY {0}_{1}", table, column);
}

Statement::Run run_list(Statement& statement, const TenantId& tenant, const ListPage& page) {
    const auto run = [&](const auto& key, const std::string& id) {
        if (page.created)
            return statement.run(
                tenant, key, id, page.value, page.created->begin, page.created->end
            );
        return page.column.empty() ? statement.run(tenant, key, id)
                                   : statement.run(tenant, key, id, page.value);
    };
    if (!page.after)
        return page.column.empty() && !page.created ? statement.run(tenant)
                                                    : run(std::int64_t{}, {});
    if (page.sort == ListSort::name) return run(page.after->text, page.after->id);
    return run(page.after->number, page.after->id);
}

bool fits(const Statement::Run& row, const ListPage& page) {
    return (page.type.empty() || row.text(4) == page.type) &&
           (page.status.empty() || row.text(5) == page.status) &&
           (page.search.empty() || row.text(1).find(page.search) != std::string_view::npos) &&
           (page.word.empty() || row.text(1).find(page.word) != std::string_view::npos);
}

ListKey key_of(const Statement::Run& row, ListSort sort) {
    ListKey key;
    key.id = row.text(0);
    switch (sort) {
        case ListSort::name:
            key.text = row.text(1);
            break;
        case ListSort::created_at:
            key.number = row.number(2);
            break;
        case ListSort::updated_at:
            key.number = row.number(3);
            break;
    }
    return key;
}

}  // namespace vitrine::projections
