#include "store/sqlite/journal_writer.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "store/sqlite/append_error.hpp"

namespace vitrine::store::sqlite {
namespace {

AppendError not_owner(const CommandId& holder, std::string detail) {
    auto error = append_error(AppendError::Kind::not_owner, std::move(detail));
    error.holder = holder;
    return error;
}

AppendError of_another(const CommandId& id) {
    return not_owner(id, "command " + id.str() + " is another owner's");
}

AppendError key_in_use(const CommandId& holder, std::string detail) {
    auto error = append_error(AppendError::Kind::key_in_use, std::move(detail));
    error.holder = holder;
    return error;
}

AppendError has_ended(const CommandId& id) {
    return key_in_use(id, "the command has ended");
}

}  // namespace

JournalWriter::JournalWriter(sqlite3* c, JournalReads& reads)
    : connection_(c),
      reads_(reads),
      row_(c, "SELECT state, owner, held_until FROM commands WHERE tenant = ? AND command_id = ?"),
      holder_of_key_(c, "SELECT command_id FROM commands WHERE tenant = ? AND idempotency_key = ?"),
      at_work_(
          c,
          "SELECT command_id FROM commands INDEXED BY commands_on_stream WHERE tenant = ? "
          "AND stream = ? AND state = 'accepted' AND owner <> ? AND held_until > ? "
          "ORDER BY sequence LIMIT 1"
      ),
      put_(
          c,
          "INSERT INTO commands (tenant, command_id, idempotency_key, name, fingerprint, "
          "principal, correlation_id, traceparent, stream, accepted_at, body, plan, owner, "
          "held_until, state, succeeded, position, status, answer, version, location, retry_after) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (tenant, command_id) DO UPDATE SET plan = excluded.plan, "
          "owner = excluded.owner, held_until = excluded.held_until, state = excluded.state, "
          "succeeded = excluded.succeeded, position = excluded.position, "
          "status = excluded.status, answer = excluded.answer, version = excluded.version, "
          "location = excluded.location, retry_after = excluded.retry_after"
      ),
      progress_(c, "UPDATE commands SET plan = ? WHERE tenant = ? AND command_id = ?"),
      conclude_(
          c,
          "UPDATE commands SET state = ?, succeeded = ?, position = ?, status = ?, answer = ?, "
          "version = ?, location = ?, retry_after = ? WHERE tenant = ? AND command_id = ?"
      ),
      claim_(
          c,
          "INSERT INTO reservations (tenant, kind, key, command_id) VALUES (?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING"
      ),
      release_(c, "DELETE FROM reservations WHERE tenant = ? AND command_id = ?"),
      release_one_(
          c, "DELETE FROM reservations WHERE tenant = ? AND kind = ? AND key = ? AND command_id = ?"
      ),
      forget_(c, "DELETE FROM commands WHERE tenant = ? AND command_id = ? AND state = 'done'"),
      take_over_(
          c, "UPDATE commands SET owner = ?, held_until = ? WHERE tenant = ? AND command_id = ?"
      ),
      renew_(
          c,
          "UPDATE commands SET held_until = ? WHERE tenant = ? AND command_id = ? AND owner = ? "
          "AND state = 'accepted'"
      ) {}

std::optional<JournalWriter::Row> JournalWriter::row(const TenantId& tenant, const CommandId& id) {
    auto found = row_.run(tenant, id);
    if (!found.next()) return std::nullopt;
    Row row;
    const auto name = found.text(0);
    if (name == state_name(CommandState::accepted)) {
        row.state = CommandState::accepted;
    } else {
        row.state =
            name == state_name(CommandState::done) ? CommandState::done : CommandState::retryable;
    }
    row.lease = {found.string(1), found.time(2)};
    return row;
}

std::optional<AppendError> JournalWriter::refuse_key(
    const TenantId& tenant, const CommandHead& head
) {
    if (!head.idempotency_key) return std::nullopt;
    auto row = holder_of_key_.run(tenant, std::string_view(*head.idempotency_key));
    if (!row.next() || row.text(0) == head.id.view()) return std::nullopt;
    return key_in_use(CommandId(row.text(0)), "the idempotency key belongs to another command");
}

std::optional<AppendError> JournalWriter::refuse_claims(
    const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
) {
    for (const auto& claim : claims) {
        const auto holder = reads_.holder(tenant, claim);
        if (!holder || *holder == id) continue;
        auto error = append_error(
            AppendError::Kind::claimed, claim.kind + " " + claim.key + " belongs to another command"
        );
        error.claim = claim;
        error.holder = *holder;
        return error;
    }
    return std::nullopt;
}

std::optional<AppendError> JournalWriter::refuse_stream(
    const TenantId& tenant, const Accept& accept
) {
    auto found = at_work_.run(
        tenant, accept.head.stream, std::string_view(accept.lease.owner), accept.head.accepted_at
    );
    if (!found.next()) return std::nullopt;
    return not_owner(CommandId(found.text(0)), "another owner's command is at work on the stream");
}

std::optional<AppendError> JournalWriter::refuse(
    const TenantId& tenant, const JournalWrite& write
) {
    return std::visit(
        overloaded{
            [](const Prune&) -> std::optional<AppendError> { return std::nullopt; },
            [](const Hold&) -> std::optional<AppendError> { return std::nullopt; },
            [&](const auto& one) { return refuse_one(tenant, one); },
        },
        write
    );
}

std::optional<AppendError> JournalWriter::refuse_one(const TenantId& tenant, const Accept& accept) {
    if (const auto known = row(tenant, accept.head.id)) {
        if (known->state == CommandState::done) return has_ended(accept.head.id);
        if (known->state == CommandState::accepted && known->lease.owner != accept.lease.owner)
            return of_another(accept.head.id);
    }
    if (auto refused = refuse_key(tenant, accept.head)) return refused;
    if (auto refused = refuse_stream(tenant, accept)) return refused;
    return refuse_claims(tenant, accept.head.id, accept.claims);
}

std::optional<AppendError> JournalWriter::refuse_one(
    const TenantId& tenant, const Progress& progress
) {
    const auto known = row(tenant, progress.id);
    if (known && known->lease.owner != progress.owner) return of_another(progress.id);
    if (known && known->state == CommandState::accepted) return std::nullopt;
    return append_error(
        AppendError::Kind::unavailable, "command " + progress.id.str() + " is not under way"
    );
}

std::optional<AppendError> JournalWriter::refuse_one(
    const TenantId& tenant, const Conclude& conclude
) {
    const auto& id = conclude.head.id;
    const bool had_row = !conclude.owner.empty();
    if (const auto known = row(tenant, id)) {
        if (known->lease.owner != conclude.owner &&
            (had_row || known->state == CommandState::accepted))
            return of_another(id);
        if (known->state == CommandState::done) return has_ended(id);
    } else if (had_row) {
        return of_another(id);
    }
    if (auto refused = refuse_key(tenant, conclude.head)) return refused;
    return refuse_claims(tenant, id, conclude.claims);
}

std::optional<AppendError> JournalWriter::refuse_one(
    const TenantId& tenant, const ConcludeAll& all
) {
    for (const auto& conclude : all.commands) {
        if (auto refused = refuse_one(tenant, conclude)) return refused;
    }
    return std::nullopt;
}

std::optional<AppendError> JournalWriter::refuse_one(
    const TenantId& tenant, const TakeOver& take_over
) {
    const auto known = row(tenant, take_over.id);
    if (known && known->state == CommandState::accepted &&
        known->lease.is_open_to(take_over.lease.owner, take_over.now))
        return std::nullopt;
    return of_another(take_over.id);
}

std::optional<AppendError> JournalWriter::refuse_one(const TenantId&, const Renew& renew) {
    for (const auto& [tenant, id] : renew.rows) {
        const auto known = row(tenant, id);
        if (!known || known->lease.owner != renew.lease.owner) return of_another(id);
    }
    return std::nullopt;
}

void JournalWriter::write(const TenantId& tenant, const JournalWrite& write, Position last) {
    std::visit(
        overloaded{
            [&](const Conclude& conclude) { write_one(tenant, conclude, last); },
            [&](const ConcludeAll& all) {
                for (const auto& conclude : all.commands) write_one(tenant, conclude, last);
            },
            [&](const auto& one) { write_one(tenant, one); },
        },
        write
    );
}

bool JournalWriter::is_written(const TenantId& tenant, const Conclude& conclude) {
    const auto record = reads_.find(tenant, conclude.head.id);
    return record && record->state == conclude.state && record->answer == conclude.answer &&
           record->succeeded == conclude.succeeded;
}

bool JournalWriter::is_written(const TenantId& tenant, const JournalWrite& write) {
    return std::visit(
        overloaded{
            [&](const Accept& accept) {
                const auto record = reads_.find(tenant, accept.head.id);
                const auto mine = [&](const Claim& claim) {
                    return reads_.holder(tenant, claim) == accept.head.id;
                };
                return record && record->state == CommandState::accepted &&
                       record->plan == accept.plan && record->lease == accept.lease &&
                       std::ranges::all_of(accept.claims, mine);
            },
            [&](const Progress& progress) {
                const auto record = reads_.find(tenant, progress.id);
                return record && record->state == CommandState::accepted &&
                       record->plan == progress.plan;
            },
            [&](const Conclude& conclude) { return is_written(tenant, conclude); },
            [&](const ConcludeAll& all) {
                return std::ranges::all_of(all.commands, [&](const Conclude& conclude) {
                    return is_written(tenant, conclude);
                });
            },
            [&](const Prune& prune) {
                return std::ranges::none_of(prune.ids, [&](const CommandId& id) {
                    const auto known = row(tenant, id);
                    return known && known->state == CommandState::done;
                });
            },
            [&](const Hold& hold) {
                return std::ranges::all_of(hold.keys, [&](const HeldClaim& key) {
                    return reads_.holder(tenant, key.claim).has_value();
                });
            },
            [&](const TakeOver& take_over) {
                const auto known = row(tenant, take_over.id);
                return known && known->state == CommandState::accepted &&
                       known->lease == take_over.lease;
            },
            [&](const Renew& renew) {
                return std::ranges::all_of(renew.rows, [&](const CommandName& name) {
                    const auto known = row(name.tenant, name.id);
                    return !known || known->state != CommandState::accepted ||
                           known->lease == renew.lease;
                });
            },
        },
        write
    );
}

/// A new row, or one that was retryable.
void JournalWriter::put(
    const TenantId& tenant,
    const CommandHead& head,
    const JsonText& plan,
    const Lease& lease,
    CommandState state,
    const Ending& ending
) {
    put_.execute(
        tenant,
        head.id,
        head.idempotency_key,
        std::string_view(head.name),
        std::string_view(head.fingerprint),
        std::string_view(head.principal),
        head.correlation_id,
        std::string_view(head.traceparent),
        head.stream,
        head.accepted_at,
        std::string_view(head.body.text),
        std::string_view(plan.text),
        std::string_view(lease.owner),
        lease.until,
        state_name(state),
        ending.succeeded,
        ending.position,
        ending.status,
        ending.answer,
        ending.version,
        ending.location,
        ending.retry_after
    );
}

void JournalWriter::write_one(const TenantId& tenant, const Accept& accept) {
    put(tenant, accept.head, accept.plan, accept.lease, CommandState::accepted, {});
    make_claims(tenant, accept.head.id, accept.claims);
}

void JournalWriter::make_claims(
    const TenantId& tenant, const CommandId& id, const std::vector<Claim>& claims
) {
    for (const auto& claim : claims) {
        claim_.execute(tenant, std::string_view(claim.kind), std::string_view(claim.key), id);
    }
}

void JournalWriter::write_one(const TenantId& tenant, const Progress& progress) {
    progress_.execute(std::string_view(progress.plan.text), tenant, progress.id);
}

void JournalWriter::write_one(const TenantId& tenant, const Conclude& conclude, Position last) {
    const auto& answer = conclude.answer;
    Ending ending{
        .succeeded = conclude.succeeded,
        .position = last == 0 ? conclude.position : last,
        .status = answer.status,
        .answer = std::string_view(answer.body.text),
        .version = answer.version,
        .location = std::string_view(answer.location)
    };
    if (answer.retry_after) ending.retry_after = answer.retry_after->count();
    conclude_.execute(
        state_name(conclude.state),
        ending.succeeded,
        ending.position,
        ending.status,
        ending.answer,
        ending.version,
        ending.location,
        ending.retry_after,
        tenant,
        conclude.head.id
    );
    const bool had_row = sqlite3_changes(connection_) != 0;
    if (!had_row) put(tenant, conclude.head, JsonText(), {}, conclude.state, ending);
    for (const auto& [claim, holder] : conclude.releases) {
        release_one_.execute(
            tenant, std::string_view(claim.kind), std::string_view(claim.key), holder
        );
    }
    make_claims(tenant, conclude.head.id, conclude.claims);
    if (conclude.release_claims) release_.execute(tenant, conclude.head.id);
}

void JournalWriter::write_one(const TenantId& tenant, const Prune& prune) {
    for (const auto& id : prune.ids) forget_.execute(tenant, id);
}

void JournalWriter::write_one(const TenantId& tenant, const Hold& hold) {
    for (const auto& [claim, holder] : hold.keys) make_claims(tenant, holder, {claim});
}

void JournalWriter::write_one(const TenantId& tenant, const TakeOver& take_over) {
    const auto& [owner, until] = take_over.lease;
    take_over_.execute(std::string_view(owner), until, tenant, take_over.id);
}

void JournalWriter::write_one(const TenantId&, const Renew& renew) {
    const auto& [owner, until] = renew.lease;
    for (const auto& [tenant, id] : renew.rows)
        renew_.execute(until, tenant, id, std::string_view(owner));
}

}  // namespace vitrine::store::sqlite
