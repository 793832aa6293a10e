#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/event_store.hpp"
#include "store/sql/statement.hpp"
#include "store/sqlite/journal_reads.hpp"

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
    struct Row {
        CommandState state{};
        Lease lease;
    };
    /// What a row says of its command's end: nothing before that.
    struct Ending {
        bool succeeded = false;
        Position position = 0;
        std::optional<int> status = {};
        std::optional<std::string_view> answer = {};
        std::optional<Version> version = {};
        std::optional<std::string_view> location = {};
        std::optional<std::int64_t> retry_after = {};
    };

    std::optional<Row> row(const TenantId& tenant, const CommandId& id);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Accept& accept);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Progress& progress);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Conclude& conclude);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const ConcludeAll& all);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const TakeOver& take_over);
    std::optional<AppendError> refuse_one(const TenantId& tenant, const Renew& renew);
    std::optional<AppendError> refuse_stream(const TenantId& tenant, const Accept& accept);
    std::optional<AppendError> refuse_key(const TenantId& tenant, const CommandHead& head);
    std::optional<AppendError> refuse_claims(
        const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
    );
    void make_claims(const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims);
    void put(
        const TenantId& tenant,
        const CommandHead& head,
        const JsonText& plan,
        const Lease& lease,
        CommandState state,
        const Ending& ending
    );
    void write_one(const TenantId& tenant, const Accept& accept);
    void write_one(const TenantId& tenant, const Progress& progress);
    bool is_written(const TenantId& tenant, const Conclude& conclude);
    void write_one(const TenantId& tenant, const Conclude& conclude, Position last);
    void write_one(const TenantId& tenant, const Prune& prune);
    void write_one(const TenantId& tenant, const Hold& hold);
    void write_one(const TenantId& tenant, const TakeOver& take_over);
    void write_one(const TenantId& tenant, const Renew& renew);

    sqlite3* connection_;
    JournalReads& reads_;
    Statement row_, holder_of_key_, at_work_;
    Statement put_, progress_, conclude_, claim_, release_, release_one_, forget_;
    Statement take_over_, renew_;
};

}  // namespace vitrine::store::sqlite
