#pragma once

#include <optional>

#include "store/event_store.hpp"
#include "store/sqlite/journal_reads.hpp"
#include "store/sqlite/statement.hpp"

namespace vitrine::store::sqlite {

/// The journal part of an append on the writing connection: first the verdict, which writes
/// nothing, then the rows.
class JournalWriter {
public:
    JournalWriter(sqlite3* connection, JournalReads& reads);

    std::optional<AppendError> refuse(const TenantId& tenant, const JournalWrite& write);

    /// `last` is the last position of the same append, 0 if it has no events.
    void write(const TenantId& tenant, const JournalWrite& write, Position last);

    /// Is what `write` would leave in the journal there already?
    bool is_written(const TenantId& tenant, const JournalWrite& write);

private:
    std::optional<CommandState> state(const TenantId& tenant, const CommandId& id);
    std::optional<AppendError> refuse_key(const TenantId& tenant, const CommandHead& head);
    std::optional<AppendError> refuse_reservations(
        const TenantId& tenant, const CommandId& id, const std::vector<Reservation>& reservations
    );
    void reserve(
        const TenantId& tenant, const CommandId& id, const std::vector<Reservation>& reservations
    );
    void insert(
        const TenantId& tenant, const CommandHead& head, CommandState state, const JsonText& plan
    );
    void write_one(const TenantId& tenant, const Accept& accept);
    void write_one(const TenantId& tenant, const Progress& progress);
    void write_one(const TenantId& tenant, const Conclude& conclude, Position last);
    void write_one(const TenantId& tenant, const Prune& prune);
    void write_one(const TenantId& tenant, const Hold& hold);

    JournalReads& reads_;
    Statement state_, holder_of_key_;
    Statement insert_, take_up_, progress_, conclude_, reserve_, release_, release_one_, forget_;
};

}  // namespace vitrine::store::sqlite
