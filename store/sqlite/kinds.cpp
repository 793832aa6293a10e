#include "store/sqlite/kinds.hpp"
#include "store/damage.hpp"

#include <algorithm>
#include <stdexcept>

namespace vitrine::store::sqlite {
namespace {

std::string key_of(const TenantId& tenant, std::string_view category, std::string_view type) {
    std::string key(tenant.view());
    key.append(1, '\0').append(category).append(1, '\0').append(type);
    return key;
}

}  // namespace

Kinds::Kinds(sqlite3* connection)
    : select_(
          connection,
          "SELECT kind_id, tenant, category, type FROM kinds WHERE kind_id > ? ORDER BY kind_id"
      ),
      insert_(
          connection, "INSERT INTO kinds (kind_id, tenant, category, type) VALUES (?, ?, ?, ?)"
      ) {}

void Kinds::refresh() {
    auto rows = select_.run(kinds_.empty() ? 0 : kinds_.back().id);
    while (rows.next()) {
        add({rows.number(0), TenantId(rows.text(1)), rows.string(2), rows.string(3)});
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

std::vector<std::int64_t> Kinds::of_tenant(const TenantId& tenant) const {
    Filter filter;
    filter.tenant = tenant;
    return matching(filter);
}

std::vector<TenantId> Kinds::tenants() const {
    std::vector<TenantId> tenants;
    for (const auto& kind : kinds_) tenants.push_back(kind.tenant);
    std::ranges::sort(tenants);
    const auto [first, last] = std::ranges::unique(tenants);
    tenants.erase(first, last);
    return tenants;
}

std::int64_t Kinds::find_or_add(
    const TenantId& tenant, const StreamName& stream, std::string_view type
) {
    const auto category = events::category_of(stream);
    if (kinds_.empty()) refresh();
    const auto found = ids_.find(key_of(tenant, category, type));
    if (found != ids_.end()) return found->second;
    const auto id = kinds_.empty() ? 1 : kinds_.back().id + 1;
    insert_.execute(id, tenant, category, type);
    add({id, tenant, std::string(category), std::string(type)});
    return id;
}

}  // namespace vitrine::store::sqlite
