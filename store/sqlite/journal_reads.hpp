#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/journal.hpp"
#include "store/sql/statement.hpp"

namespace vitrine::store::sqlite {

/// Everything that is read of the command journal, on one connection.
class JournalReads {
public:
    explicit JournalReads(sqlite3* connection);

    std::optional<CommandRecord> find(const TenantId& tenant, const CommandId& id);
    std::optional<CommandRecord> find_by_key(const TenantId& tenant, const std::string& key);
    std::vector<CommandRecord> unfinished();
    std::vector<CommandRecord> unfinished(const std::string& owner, Timestamp now);
    std::vector<CommandId> ended(
        const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
    );
    std::vector<CommandRecord> list(const TenantId& tenant, const CommandFilter& filter);
    /// In order of acceptance; without those whose last event is before `from`.
    void each(Position from, const std::function<void(CommandRecord)>& take);
    std::optional<CommandId> holder(const TenantId& tenant, const Claim& claim);

private:
    const char* select(const char* texts, const char* which);
    const char* whole(const char* which);
    const char* listed(const char* which);

    bool has_owners_;
    std::deque<std::string> sql_;  // of the statements
    Statement find_, find_by_key_, unfinished_, open_to_, ended_, listed_open_, listed_ended_,
        each_, holder_;
};

}  // namespace vitrine::store::sqlite
