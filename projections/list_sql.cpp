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

ListQuery::ListQuery(std::string_view select, std::string_view id_column)
    : where_(std::string(select) + " WHERE tenant=?"), id_column_(id_column) {}

void ListQuery::filter(std::string_view column, std::string_view value) {
    if (value.empty()) return;
    where_ += " AND " + std::string(column) + "=?";
    texts_.push_back(value);
}

void ListQuery::search(std::string_view folded) {
    if (folded.empty()) return;
    where_ += " AND instr(search,?)>0";
    texts_.push_back(folded);
}

void ListQuery::order(ListSort sort, bool descending, const std::optional<ListKey>& after) {
    sort_ = sort;
    after_ = after;
    const std::string column(column_of(sort));
    const std::string direction = descending ? " DESC" : "";
    if (after) {
        where_ += " AND (" + column + ',' + id_column_ + ')' + (descending ? '<' : '>') + "(?,?)";
    }
    order_ = " ORDER BY " + column + direction + ',' + id_column_ + direction + " LIMIT ?";
}

std::string ListQuery::sql() const {
    return where_ + order_;
}

void ListQuery::bind(SQLite::Statement& statement, const TenantId& tenant) const {
    Binder binder(statement);
    binder.text(tenant.view());
    for (const auto text : texts_) binder.text(text);
    if (after_) {
        if (sort_ == ListSort::name) {
            binder.text(after_->text);
        } else {
            binder.number(after_->number);
        }
        binder.text(after_->id);
    }
    binder.number(static_cast<std::uint64_t>(limit_));
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
