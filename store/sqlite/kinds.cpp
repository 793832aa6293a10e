#include "store/sqlite/kinds.hpp"

#include <algorithm>

#include "store/damage.hpp"

namespace vitrine::store::sqlite {

Kinds::Kinds(sqlite3* connection)
    : select_(
          connection,
          "SELECT k.kind_id, k.category_id, c.tenant, c.name, k.type FROM kinds AS k "
          "CROSS JOIN categories AS c ON c.category_id = k.category_id "
          "WHERE k.kind_id > ? ORDER BY k.kind_id"
      ),
      select_categories_(
          connection,
          "SELECT category_id, tenant, name FROM categories WHERE category_id > ? "
          "ORDER BY category_id"
      ),
      insert_(connection, "INSERT INTO kinds (kind_id, category_id, type) VALUES (?, ?, ?)"),
      insert_category_(
          connection, "INSERT INTO categories (category_id, tenant, name) VALUES (?, ?, ?)"
      ) {}

std::string_view Kinds::key_of(
    const TenantId& tenant, std::string_view category, std::string_view type
) {
    key_.assign(tenant.view()).append(1, '\0').append(category);
    return key_.append(1, '\0').append(type);
}

void Kinds::refresh() {
    auto categories = select_categories_.run(last_category_id_);
    while (categories.next()) {
        last_category_id_ = categories.number(0);
        category_ids_.emplace(
            key_of(TenantId(categories.text(1)), categories.text(2)), last_category_id_
        );
    }
    auto rows = select_.run(kinds_.empty() ? 0 : kinds_.back().id);
    while (rows.next()) {
        add({rows.number(0), rows.number(1), TenantId(rows.text(2)), rows.string(3), rows.string(4)}
        );
    }
}

void Kinds::add(Kind kind) {
    ids_.emplace(key_of(kind.tenant, kind.category, kind.type), kind.id);
    kinds_.push_back(std::move(kind));
}

const Kind& Kinds::at(std::int64_t id) {
    if (kinds_.empty() || id > kinds_.back().id) refresh();
    const auto found = std::ranges::lower_bound(kinds_, id, {}, &Kind::id);
    if (found == kinds_.end() || found->id != id) {
        throw Damaged("the event log is damaged: an event is of no known kind");
    }
    return *found;
}

std::vector<std::int64_t> Kinds::matching(const Filter& filter) const {
    std::vector<std::int64_t> ids;
    for (const auto& kind : kinds_) {
        if (filter.tenant && kind.tenant != *filter.tenant) continue;
        if (!filter.category.empty() && kind.category != filter.category) continue;
        if (!filter.types.empty() &&
            std::ranges::find(filter.types, kind.type) == filter.types.end()) {
            continue;
        }
        ids.push_back(kind.id);
    }
    return ids;
}

std::vector<TenantId> Kinds::tenants() const {
    std::vector<TenantId> tenants;
    tenants.reserve(kinds_.size());
    for (const auto& kind : kinds_) tenants.push_back(kind.tenant);
    std::ranges::sort(tenants);
    const auto [first, last] = std::ranges::unique(tenants);
    tenants.erase(first, last);
    return tenants;
}

std::optional<std::int64_t> Kinds::find_category(
    const TenantId& tenant, std::string_view category
) {
    auto found = category_ids_.find(key_of(tenant, category));
    if (found == category_ids_.end()) {
        refresh();
        found = category_ids_.find(key_of(tenant, category));
    }
    return found == category_ids_.end() ? std::nullopt : std::optional(found->second);
}

const Kind* Kinds::find(const TenantId& tenant, std::string_view category, std::string_view type) {
    const auto is_it = [&](const Kind& kind) {
        return kind.type == type && kind.category == category && kind.tenant == tenant;
    };
    // Neighbours are mostly alike.
    if (used_last_ < kinds_.size() && is_it(kinds_[used_last_])) return &kinds_[used_last_];
    const auto found = ids_.find(key_of(tenant, category, type));
    if (found == ids_.end()) return nullptr;
    const auto place = std::ranges::lower_bound(kinds_, found->second, {}, &Kind::id);
    used_last_ = static_cast<std::size_t>(place - kinds_.begin());
    return &*place;
}

const Kind& Kinds::find_or_add(
    const TenantId& tenant, std::string_view category, std::string_view type
) {
    if (const auto* known = find(tenant, category, type)) return *known;
    auto category_id = find_category(tenant, category);
    if (!category_id) {
        category_id = last_category_id_ + 1;
        insert_category_.execute(*category_id, tenant, category);
    }
    insert_.execute(kinds_.empty() ? 1 : kinds_.back().id + 1, *category_id, type);
    refresh();
    return *find(tenant, category, type);
}

}  // namespace vitrine::store::sqlite
