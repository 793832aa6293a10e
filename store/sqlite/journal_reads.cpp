#include "store/sqlite/journal_reads.hpp"
#include "store/damage.hpp"
#include "store/sqlite/schema.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <stdexcept>

namespace vitrine::store::sqlite {
namespace {

/// A log of an older program, which is read as it is, knows no owners.
bool has_owners(sqlite3* c) {
    Statement version(c, "PRAGMA user_version");
    auto row = version.run();
    return row.next() && row.number(0) >= version_with_owners;
}

CommandState parse_state(std::string_view name) {
    if (const auto state = state_named(name)) return *state;
    throw Damaged("the command journal is damaged: no such state");
}

std::optional<CommandAnswer> read_answer(const Statement::Run& row) {
    if (row.is_null(14)) return std::nullopt;
    CommandAnswer answer;
    answer.status = static_cast<int>(row.number(14));
    answer.body = JsonText(row.string(15));
    if (!row.is_null(16)) answer.version = row.unsigned_number(16);
    answer.location = row.string(17);
    if (!row.is_null(18)) answer.retry_after = std::chrono::seconds(row.number(18));
    return answer;
}

CommandRecord read(const Statement::Run& row) {
    CommandRecord record;
    record.sequence = row.number(0);
    record.tenant = TenantId(row.text(1));
    record.head.id = CommandId(row.text(2));
    record.head.idempotency_key = row.optional_string(3);
    record.state = parse_state(row.text(4));
    record.head.name = row.string(5);
    record.head.fingerprint = row.string(6);
    record.head.principal = row.string(7);
    record.head.correlation_id = CorrelationId(row.text(8));
    record.head.traceparent = row.string(9);
    record.head.stream = StreamName(row.text(10));
    record.head.accepted_at = row.time(11);
    record.succeeded = row.number(12) != 0;
    record.position = row.unsigned_number(13);
    record.answer = read_answer(row);
    record.lease = {row.string(19), row.time(20)};
    record.head.body = JsonText(row.string(21));
    record.plan = JsonText(row.string(22));
    return record;
}

}  // namespace

/// `texts`: body and plan, or what stands in their place.
const char* JournalReads::select(const char* texts, const char* which) {
    auto& sql = sql_.emplace_back(
        "SELECT sequence, tenant, command_id, idempotency_key, state, name, fingerprint, "
        "principal, correlation_id, traceparent, stream, accepted_at, succeeded, position, "
        "status, answer, version, location, retry_after, owner, held_until, "
    );
    sql += texts;
    sql += has_owners_ ? " FROM commands "
                       : " FROM (SELECT *, '' AS owner, 0 AS held_until FROM commands) ";
    sql += which;
    return sql.c_str();
}

const char* JournalReads::whole(const char* which) {
    return select("body, plan", which);
}

const char* JournalReads::listed(const char* which) {
    select("'', ''", which);
    sql_.back() += " AND sequence < ? ORDER BY sequence DESC LIMIT ?";
    return sql_.back().c_str();
}

JournalReads::JournalReads(sqlite3* c)
    : has_owners_(has_owners(c)),
      find_(c, whole("WHERE tenant = ? AND command_id = ?")),
      find_by_key_(c, whole("WHERE tenant = ? AND idempotency_key = ?")),
      unfinished_(c, whole("WHERE state = 'accepted' ORDER BY sequence")),
      open_to_(
          c,
          whole("WHERE state = 'accepted' AND (owner = '' OR owner = ? OR held_until <= ?) "
                "ORDER BY sequence")
      ),
      ended_(
          c,
          "SELECT command_id FROM commands INDEXED BY commands_by_id WHERE tenant = ? "
          "AND command_id > ? AND accepted_at < ? AND state = 'done' ORDER BY command_id LIMIT ?"
      ),
      // Each names the condition of its index (schema.cpp) as it stands there.
      listed_open_(c, listed("WHERE tenant = ? AND state = ? AND state <> 'done'")),
      listed_ended_(c, listed("WHERE tenant = ? AND succeeded = ? AND state = 'done'")),
      each_(c, whole("WHERE position >= ? OR position = 0 ORDER BY sequence")),
      holder_(c, "SELECT command_id FROM reservations WHERE tenant = ? AND kind = ? AND key = ?") {}

std::optional<CommandRecord> JournalReads::find(const TenantId& tenant, const CommandId& id) {
    auto row = find_.run(tenant, id);
    return row.next() ? std::optional(read(row)) : std::nullopt;
}

std::optional<CommandRecord> JournalReads::find_by_key(
    const TenantId& tenant, const std::string& key
) {
    auto row = find_by_key_.run(tenant, key);
    return row.next() ? std::optional(read(row)) : std::nullopt;
}

std::vector<CommandRecord> JournalReads::unfinished() {
    std::vector<CommandRecord> records;
    auto rows = unfinished_.run();
    while (rows.next()) records.push_back(read(rows));
    return records;
}

std::vector<CommandRecord> JournalReads::unfinished(const std::string& owner, Timestamp now) {
    std::vector<CommandRecord> records;
    auto rows = open_to_.run(std::string_view(owner), now);
    while (rows.next()) records.push_back(read(rows));
    return records;
}

std::vector<CommandId> JournalReads::ended(
    const TenantId& tenant, Timestamp before, const CommandId& after, std::size_t limit
) {
    std::vector<CommandId> ids;
    auto rows = ended_.run(tenant, after, before, limit);
    while (rows.next()) ids.emplace_back(rows.text(0));
    return ids;
}

std::vector<CommandRecord> JournalReads::list(const TenantId& tenant, const CommandFilter& filter) {
    const auto before = filter.before.value_or(std::numeric_limits<std::int64_t>::max());
    std::vector<CommandRecord> records;
    const auto take = [&](Statement::Run rows) {
        while (rows.next()) records.push_back(read(rows));
    };
    for (const auto state : {CommandState::accepted, CommandState::retryable}) {
        if (is_listed(filter.which, state, false))
            take(listed_open_.run(tenant, state_name(state), before, filter.limit));
    }
    for (const bool succeeded : {true, false}) {
        if (is_listed(filter.which, CommandState::done, succeeded))
            take(listed_ended_.run(tenant, succeeded, before, filter.limit));
    }
    std::ranges::sort(records, std::ranges::greater(), &CommandRecord::sequence);
    if (records.size() > filter.limit) records.resize(filter.limit);
    return records;
}

void JournalReads::each(Position from, const std::function<void(CommandRecord)>& take) {
    auto rows = each_.run(from);
    while (rows.next()) take(read(rows));
}

std::optional<CommandId> JournalReads::holder(const TenantId& tenant, const Claim& claim) {
    auto row = holder_.run(tenant, claim.kind, claim.key);
    return row.next() ? std::optional(CommandId(row.text(0))) : std::nullopt;
}

}  // namespace vitrine::store::sqlite
