#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/event_store.hpp"
#include "store/sqlite/statement.hpp"

namespace vitrine::store::sqlite {

/// What events of one kind have in common. There are few: a dozen per tenant.
struct Kind {
    std::int64_t id = 0;
    TenantId tenant;
    std::string category;
    std::string type;
};

/// The table of kinds, as one connection has seen it. Kinds are never changed or removed.
class Kinds {
public:
    explicit Kinds(sqlite3* connection);

    /// Reads what is new since the last time.
    void refresh();

    /// Throws std::runtime_error if there is none, also after a refresh.
    const Kind& at(std::int64_t id);

    std::vector<std::int64_t> matching(const Filter& filter) const;
    std::vector<std::int64_t> of_tenant(const TenantId& tenant) const;
    std::vector<TenantId> tenants() const;
    std::size_t size() const { return kinds_.size(); }

    /// Writing connection only: the id of that kind, made if there is none.
    std::int64_t find_or_add(
        const TenantId& tenant, const StreamName& stream, std::string_view type
    );

private:
    void add(Kind kind);

    std::vector<Kind> kinds_;  // by id, ascending
    std::unordered_map<std::string, std::int64_t> ids_;
    Statement select_;
    Statement insert_;
};

}  // namespace vitrine::store::sqlite
