#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "store/journal.hpp"
#include "store/sqlite/statement.hpp"

namespace vitrine::store::sqlite {

/// Everything that is read of the command journal, on one connection.
class JournalReads {
public:
    explicit JournalReads(sqlite3* connection);

    std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id);
    std::optional<CommandRecord> find_by_key(const TenantId& tenant, const std::string& key);
    std::vector<CommandRecord> unfinished();
    std::vector<CommandId> ended(
        const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
    );
    std::vector<CommandRecord> list(const TenantId& tenant, const CommandFilter& filter);
    /// In order of acceptance; without those whose last event is before `from`.
    void each(Position from, const std::function<void(CommandRecord)>& take);
    std::optional<CommandId> holder(const TenantId& tenant, const Reservation& reservation);

private:
    Statement find_, find_by_key_, unfinished_, ended_, listed_open_, listed_ended_, each_, holder_;
};

}  // namespace vitrine::store::sqlite
