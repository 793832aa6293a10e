#include "store/sqlite/journal_writer.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "store/sqlite/append_error.hpp"

namespace vitrine::store::sqlite {
namespace {

AppendError key_in_use(const CommandId& holder, std::string detail) {
    auto error = append_error(AppendError::Kind::key_in_use, std::move(detail));
    error.holder = holder;
    return error;
}

}  // namespace

JournalWriter::JournalWriter(sqlite3* c, JournalReads& reads)
    : reads_(reads),
      state_(c, "SELECT state FROM commands WHERE tenant = ? AND command_id = ?"),
      holder_of_key_(c, "SELECT command_id FROM commands WHERE tenant = ? AND idempotency_key = ?"),
      insert_(
          c,
          "INSERT INTO commands (tenant, command_id, idempotency_key, state, name, fingerprint, "
          "principal, correlation_id, traceparent, stream, accepted_at, succeeded, position, "
          "body, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)"
      ),
      take_up_(
          c,
          "UPDATE commands SET state = 'accepted', plan = ?, succeeded = 0, position = 0, "
          "status = NULL, answer = NULL, version = NULL, location = NULL, retry_after = NULL "
          "WHERE tenant = ? AND command_id = ?"
      ),
      progress_(c, "UPDATE commands SET plan = ? WHERE tenant = ? AND command_id = ?"),
      conclude_(
          c,
          "UPDATE commands SET state = ?, succeeded = ?, position = ?, status = ?, answer = ?, "
          "version = ?, location = ?, retry_after = ? WHERE tenant = ? AND command_id = ?"
      ),
      reserve_(
          c,
          "INSERT INTO reservations (tenant, kind, key, command_id) VALUES (?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING"
      ),
      release_(c, "DELETE FROM reservations WHERE tenant = ? AND command_id = ?"),
      release_one_(
          c, "DELETE FROM reservations WHERE tenant = ? AND kind = ? AND key = ? AND command_id = ?"
      ),
      forget_(c, "DELETE FROM commands WHERE tenant = ? AND command_id = ? AND state = 'done'") {}

std::optional<CommandState> JournalWriter::state(const TenantId& tenant, const CommandId& id) {
    auto row = state_.run(tenant, id);
    if (!row.next()) return std::nullopt;
    const auto name = row.text(0);
    if (name == state_name(CommandState::accepted)) return CommandState::accepted;
    return name == state_name(CommandState::done) ? CommandState::done : CommandState::retryable;
}

std::optional<AppendError> JournalWriter::refuse_key(
    const TenantId& tenant, const CommandHead& head
) {
    if (!head.idempotency_key) return std::nullopt;
    auto row = holder_of_key_.run(tenant, std::string_view(*head.idempotency_key));
    if (!row.next() || row.text(0) == head.id.view()) return std::nullopt;
    return key_in_use(CommandId(row.text(0)), "the idempotency key belongs to another command");
}

std::optional<AppendError> JournalWriter::refuse_reservations(
    const TenantId& tenant, const CommandId& id, const std::vector<Reservation>& reservations
) {
    for (const auto& reservation : reservations) {
        const auto holder = reads_.holder(tenant, reservation);
        if (!holder || *holder == id) continue;
        auto error = append_error(
            AppendError::Kind::reserved,
            reservation.kind + " " + reservation.key + " belongs to another command"
        );
        error.reservation = reservation;
        error.holder = *holder;
        return error;
    }
    return std::nullopt;
}

std::optional<AppendError> JournalWriter::refuse(
    const TenantId& tenant, const JournalWrite& write
) {
    return std::visit(
        overloaded{
            [&](const Accept& accept) -> std::optional<AppendError> {
                if (state(tenant, accept.head.id) == CommandState::done) {
                    return key_in_use(accept.head.id, "the command has ended");
                }
                if (auto refused = refuse_key(tenant, accept.head)) return refused;
                return refuse_reservations(tenant, accept.head.id, accept.reservations);
            },
            [&](const Progress& progress) -> std::optional<AppendError> {
                if (state(tenant, progress.id) == CommandState::accepted) return std::nullopt;
                return append_error(
                    AppendError::Kind::unavailable,
                    "command " + progress.id.str() + " is not under way"
                );
            },
            [&](const Conclude& conclude) -> std::optional<AppendError> {
                if (state(tenant, conclude.head.id) == CommandState::done) {
                    return key_in_use(conclude.head.id, "the command has ended");
                }
                if (auto refused = refuse_key(tenant, conclude.head)) return refused;
                return refuse_reservations(tenant, conclude.head.id, conclude.reservations);
            },
            [](const Prune&) -> std::optional<AppendError> { return std::nullopt; },
            [](const Hold&) -> std::optional<AppendError> { return std::nullopt; },
        },
        write
    );
}

void JournalWriter::write(const TenantId& tenant, const JournalWrite& write, Position last) {
    std::visit(
        overloaded{
            [&](const Accept& accept) { write_one(tenant, accept); },
            [&](const Progress& progress) { write_one(tenant, progress); },
            [&](const Conclude& conclude) { write_one(tenant, conclude, last); },
            [&](const Prune& prune) { write_one(tenant, prune); },
            [&](const Hold& hold) { write_one(tenant, hold); },
        },
        write
    );
}

bool JournalWriter::is_written(const TenantId& tenant, const JournalWrite& write) {
    return std::visit(
        overloaded{
            [&](const Accept& accept) {
                const auto record = reads_.find(tenant, accept.head.id);
                const auto mine = [&](const Reservation& reservation) {
                    return reads_.holder(tenant, reservation) == accept.head.id;
                };
                return record && record->state == CommandState::accepted &&
                       record->plan == accept.plan &&
                       std::ranges::all_of(accept.reservations, mine);
            },
            [&](const Progress& progress) {
                const auto record = reads_.find(tenant, progress.id);
                return record && record->state == CommandState::accepted &&
                       record->plan == progress.plan;
            },
            [&](const Conclude& conclude) {
                const auto record = reads_.find(tenant, conclude.head.id);
                return record && record->state == conclude.state &&
                       record->answer == conclude.answer && record->succeeded == conclude.succeeded;
            },
            [&](const Prune& prune) {
                return std::ranges::none_of(prune.ids, [&](const CommandId& id) {
                    return state(tenant, id) == CommandState::done;
                });
            },
            [&](const Hold& hold) {
                return std::ranges::all_of(hold.keys, [&](const HeldKey& key) {
                    return reads_.holder(tenant, key.reservation).has_value();
                });
            },
        },
        write
    );
}

void JournalWriter::insert(
    const TenantId& tenant, const CommandHead& head, CommandState state, const JsonText& plan
) {
    insert_.execute(
        tenant,
        head.id,
        head.idempotency_key,
        state_name(state),
        std::string_view(head.name),
        std::string_view(head.fingerprint),
        std::string_view(head.principal),
        head.correlation_id,
        std::string_view(head.traceparent),
        head.stream,
        head.accepted_at,
        std::string_view(head.body.text),
        std::string_view(plan.text)
    );
}

void JournalWriter::write_one(const TenantId& tenant, const Accept& accept) {
    if (state(tenant, accept.head.id)) {
        take_up_.execute(std::string_view(accept.plan.text), tenant, accept.head.id);
    } else {
        insert(tenant, accept.head, CommandState::accepted, accept.plan);
    }
    reserve(tenant, accept.head.id, accept.reservations);
}

void JournalWriter::reserve(
    const TenantId& tenant, const CommandId& id, const std::vector<Reservation>& reservations
) {
    for (const auto& reservation : reservations) {
        reserve_.execute(
            tenant, std::string_view(reservation.kind), std::string_view(reservation.key), id
        );
    }
}

void JournalWriter::write_one(const TenantId& tenant, const Progress& progress) {
    progress_.execute(std::string_view(progress.plan.text), tenant, progress.id);
}

void JournalWriter::write_one(const TenantId& tenant, const Conclude& conclude, Position last) {
    const auto& answer = conclude.answer;
    if (!state(tenant, conclude.head.id)) {
        insert(tenant, conclude.head, conclude.state, JsonText());
    }
    std::optional<std::int64_t> retry_after;
    if (answer.retry_after) retry_after = answer.retry_after->count();
    conclude_.execute(
        state_name(conclude.state),
        conclude.succeeded,
        last == 0 ? conclude.position : last,
        answer.status,
        std::string_view(answer.body.text),
        answer.version,
        std::string_view(answer.location),
        retry_after,
        tenant,
        conclude.head.id
    );
    for (const auto& [reservation, holder] : conclude.releases) {
        release_one_.execute(
            tenant, std::string_view(reservation.kind), std::string_view(reservation.key), holder
        );
    }
    reserve(tenant, conclude.head.id, conclude.reservations);
    if (conclude.release_reservations) release_.execute(tenant, conclude.head.id);
}

void JournalWriter::write_one(const TenantId& tenant, const Prune& prune) {
    for (const auto& id : prune.ids) forget_.execute(tenant, id);
}

void JournalWriter::write_one(const TenantId& tenant, const Hold& hold) {
    for (const auto& [reservation, holder] : hold.keys) reserve(tenant, holder, {reservation});
}

}  // namespace vitrine::store::sqlite
