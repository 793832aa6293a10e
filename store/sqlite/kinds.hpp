#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/event_store.hpp"
#include "store/sql/statement.hpp"

namespace vitrine::store::sqlite {

/// What events of one kind have in common. There are few: a dozen per tenant.
struct Kind {
    std::int64_t id = 0;
    std::int64_t category_id = 0;
    TenantId tenant;
    std::string category;
    std::string type;
};

/// The tables of kinds and their categories, as one connection has seen them. Neither is ever
/// changed or removed.
class Kinds {
public:
    explicit Kinds(sqlite3* connection);

    /// Reads what is new since the last time.
    void refresh();

    /// Throws std::runtime_error if there is none, also after a refresh.
    const Kind& at(std::int64_t id);

    std::vector<std::int64_t> matching(const Filter& filter) const;
    std::vector<TenantId> tenants() const;
    std::size_t size() const { return kinds_.size(); }

    /// nullopt: none yet, also after a refresh: then there is no stream of it.
    std::optional<std::int64_t> find_category(const TenantId& tenant, std::string_view category);

    /// Null: none that this connection has seen.
    const Kind* find(const TenantId& tenant, std::string_view category, std::string_view type);

    /// Writing connection only: that kind, made if there is none.
    const Kind& find_or_add(
        const TenantId& tenant, std::string_view category, std::string_view type
    );

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Ids = std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>>;

    std::string_view key_of(
        const TenantId& tenant, std::string_view category, std::string_view type = {}
    );
    void add(Kind kind);

    std::vector<Kind> kinds_;  // by id, ascending
    Ids ids_;                  // of kinds
    Ids category_ids_;
    std::int64_t last_category_id_ = 0;
    std::size_t used_last_ = 0;
    std::string key_;
    Statement select_, select_categories_;
    Statement insert_, insert_category_;
};

}  // namespace vitrine::store::sqlite
