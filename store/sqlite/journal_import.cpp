#include "store/sqlite/journal_import.hpp"

namespace vitrine::store::sqlite {
namespace {

std::unexpected<ImportFault> unfit(std::string detail) {
    return std::unexpected(ImportFault{ImportFault::Kind::unfit, std::move(detail)});
}

std::unexpected<ImportFault> damaged(std::string detail) {
    return std::unexpected(ImportFault{ImportFault::Kind::damaged, std::move(detail)});
}

}  // namespace

JournalImport::JournalImport(sqlite3* c, ImportMode mode)
    : mode_(mode),
      state_(c, "SELECT state FROM commands WHERE tenant = ? AND command_id = ?"),
      holder_of_key_(c, "SELECT command_id FROM commands WHERE tenant = ? AND idempotency_key = ?"),
      remove_(c, "DELETE FROM commands WHERE tenant = ? AND command_id = ?"),
      insert_(
          c,
          "INSERT INTO commands (tenant, command_id, idempotency_key, state, name, fingerprint, "
          "principal, correlation_id, traceparent, stream, accepted_at, succeeded, position, "
          "status, answer, version, location, retry_after, body, plan, owner, held_until) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      holder_(c, "SELECT command_id FROM reservations WHERE tenant = ? AND kind = ? AND key = ?"),
      claim_(c, "INSERT INTO reservations (tenant, kind, key, command_id) VALUES (?, ?, ?, ?)"),
      release_(c, "DELETE FROM reservations WHERE tenant = ?") {}

std::expected<void, ImportFault> JournalImport::add(
    CommandRecord record, const PositionMap& positions
) {
    const auto& head = record.head;
    if (record.position != 0) {
        const auto position = positions.find(record.position);
        if (!position) {
            return damaged(
                "command " + head.id.str() + " names event " + std::to_string(record.position) +
                ", which is not there"
            );
        }
        record.position = *position;
    }
    if (record.answer.has_value() == (record.state == CommandState::accepted)) {
        return damaged("command " + head.id.str() + " has an answer before its end, or none at it");
    }
    {
        auto known = state_.run(record.tenant, head.id);
        if (known.next()) {
            if (mode_ == ImportMode::restore) return damaged("command " + head.id.str() + " twice");
            if (known.text(0) == state_name(CommandState::done)) return {};
        }
    }
    remove_.execute(record.tenant, head.id);
    if (head.idempotency_key) {
        auto holder = holder_of_key_.run(record.tenant, std::string_view(*head.idempotency_key));
        if (holder.next()) {
            return unfit(
                "the idempotency key of command " + head.id.str() + " belongs to command " +
                holder.string(0)
            );
        }
    }
    const auto text = [](const std::string& value) { return std::string_view(value); };
    std::optional<int> status;
    std::optional<std::string_view> answer, location;
    std::optional<Version> version;
    std::optional<std::int64_t> retry_after;
    if (const auto& given = record.answer) {
        status = given->status;
        answer = given->body.text;
        version = given->version;
        location = given->location;
        if (given->retry_after) retry_after = given->retry_after->count();
    }
    insert_.execute(
        record.tenant,
        head.id,
        head.idempotency_key,
        state_name(record.state),
        text(head.name),
        text(head.fingerprint),
        text(head.principal),
        head.correlation_id,
        text(head.traceparent),
        head.stream,
        head.accepted_at,
        record.succeeded,
        record.position,
        status,
        answer,
        version,
        location,
        retry_after,
        text(head.body.text),
        text(record.plan.text),
        text(record.lease.owner),
        record.lease.until
    );
    return {};
}

std::expected<void, ImportFault> JournalImport::add(const ExportedClaim& held) {
    const auto& [kind, key] = held.claim;
    {
        auto holder = holder_.run(held.tenant, std::string_view(kind), std::string_view(key));
        if (holder.next()) return damaged(kind + " " + key + " of " + held.tenant.str() + " twice");
    }
    claim_.execute(held.tenant, std::string_view(kind), std::string_view(key), held.command);
    return {};
}

void JournalImport::release(const TenantId& tenant) {
    if (mode_ == ImportMode::append && released_.insert(tenant).second) release_.execute(tenant);
}

}  // namespace vitrine::store::sqlite
