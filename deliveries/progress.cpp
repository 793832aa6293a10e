#include "deliveries/progress.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include "deliveries/progress_rows.hpp"

namespace vitrine::deliveries {
namespace {

using store::sqlite::Statement;
using Immediate = SQLite::Transaction;

template <class Text>
std::optional<std::string_view> unless_empty(const Text& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

std::filesystem::path progress_file(const std::filesystem::path& data) {
    return data / "deliveries.db";
}

struct Progress::Statements {
    explicit Statements(sqlite3* connection)
        : keep(
              connection,
              "INSERT INTO exceptions(receiver,position,state,order_key,event_id,type,stream,"
              "recorded_at,attempts,due,attempted_at,outcome,detail,detail_pt)"
              " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(receiver,position) DO UPDATE SET"
              " state=excluded.state,attempts=excluded.attempts,due=excluded.due,"
              " attempted_at=coalesce(excluded.attempted_at,attempted_at),"
              " outcome=coalesce(excluded.outcome,outcome),"
              " detail=coalesce(excluded.detail,detail),"
              " detail_pt=coalesce(excluded.detail_pt,detail_pt)"
          ),
          remove(connection, "DELETE FROM exceptions WHERE receiver=? AND position=?"),
          taken(connection, "SELECT taken FROM receivers WHERE number=?"),
          count_taken(connection, "UPDATE receivers SET taken=? WHERE number=?"),
          take(connection, "INSERT INTO taken VALUES(?,?,?,?,?,?,?,?,?,?)"),
          drop_taken(connection, "DELETE FROM taken WHERE receiver=? AND number<=?"),
          reach(connection, "UPDATE receivers SET position=max(position,?) WHERE number=?"),
          reach_replay(connection, "UPDATE replays SET next=? WHERE number=?"),
          end_replay(connection, "DELETE FROM replays WHERE number=?"),
          dead(connection, "SELECT dead FROM receivers WHERE number=?") {}

    Statement keep, remove, taken, count_taken, take, drop_taken, reach, reach_replay, end_replay,
        dead;
};

Progress::Progress(const std::filesystem::path& data, const std::string& log, Position head)
    : database_(open_progress(progress_file(data))),
      statements_(std::make_unique<Statements>(database_->getHandle())) {
    auto* connection = database_->getHandle();
    Immediate transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    const auto known = database_->execAndGet("SELECT first_event FROM log").getString();
    if (!known.empty() && known != log) begin_anew(*database_);
    Statement(connection, "UPDATE log SET first_event=?").execute(log);
    // A log that was put back from a copy has other events at these positions some day.
    Statement(connection, "UPDATE receivers SET position=?1 WHERE position>?1").execute(head);
    Statement(connection, "DELETE FROM exceptions WHERE position>?").execute(head);
    Statement(connection, "DELETE FROM replays WHERE next>?").execute(head);
    transaction.commit();
}

Progress::~Progress() = default;

Kept Progress::open(const ReceiverName& name, Position start) {
    auto* connection = database_->getHandle();
    Statement(
        connection, "INSERT OR IGNORE INTO receivers(tenant,kind,id,position) VALUES(?,?,?,?)"
    )
        .execute(name.tenant, name.kind, name.id, start);
    Kept kept;
    {
        Statement select(
            connection,
            "SELECT number,position,paused,dead FROM receivers WHERE tenant=? AND kind=? AND id=?"
        );
        auto row = select.run(name.tenant, name.kind, name.id);
        row.next();
        kept.number = row.number(0);
        kept.position = std::max(row.unsigned_number(1), start);
        kept.paused = row.number(2) != 0;
        kept.dead = row.unsigned_number(3);
    }
    Statement select(
        connection, "SELECT number,next,last FROM replays WHERE receiver=? ORDER BY number"
    );
    for (auto row = select.run(kept.number); row.next();)
        kept.replays.push_back({row.number(0), row.unsigned_number(1), row.unsigned_number(2)});
    Statement rows(
        connection, "SELECT " VITRINE_EXCEPTION " FROM exceptions WHERE receiver=? AND state=0"
    );
    for (auto row = rows.run(kept.number); row.next();) kept.pending.push_back(pending_of(row));
    Statement beyond(connection, "SELECT position FROM exceptions WHERE receiver=? AND position>?");
    for (auto row = beyond.run(kept.number, kept.position); row.next();)
        kept.beyond.insert(row.unsigned_number(0));
    return kept;
}

void Progress::forget(const ReceiverName& name) {
    auto* connection = database_->getHandle();
    Immediate transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    std::int64_t number = 0;
    {
        Statement select(
            connection, "SELECT number FROM receivers WHERE tenant=? AND kind=? AND id=?"
        );
        auto row = select.run(name.tenant, name.kind, name.id);
        if (!row.next()) return;
        number = row.number(0);
    }
    Statement(connection, "DELETE FROM exceptions WHERE receiver=?").execute(number);
    Statement(connection, "DELETE FROM taken WHERE receiver=?").execute(number);
    Statement(connection, "DELETE FROM replays WHERE receiver=?").execute(number);
    Statement(connection, "DELETE FROM receivers WHERE number=?").execute(number);
    transaction.commit();
}

std::vector<ReceiverName> Progress::names() {
    std::vector<ReceiverName> names;
    Statement select(database_->getHandle(), "SELECT tenant,kind,id FROM receivers");
    for (auto row = select.run(); row.next();)
        names.push_back({TenantId(row.text(0)), row.string(1), row.string(2)});
    return names;
}

void Progress::apply(const Batch& batch) {
    Immediate transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    Taken taken;
    for (const auto& note : batch.notes) write(note, taken);
    for (const auto& [receiver, number] : taken) {
        statements_->count_taken.execute(number, receiver);
        statements_->drop_taken.execute(receiver, number - kept_taken);
    }
    for (const auto& reached : batch.reached) {
        statements_->reach.execute(reached.position, reached.receiver);
        if (!reached.replay) continue;
        if (reached.replay_ended) {
            statements_->end_replay.execute(reached.replay->number);
        } else {
            statements_->reach_replay.execute(reached.replay->next, reached.replay->number);
        }
    }
    transaction.commit();
}

void Progress::write(const Note& note, Taken& taken) {
    auto& use = *statements_;
    const auto& it = note.delivery;
    const auto detail = unless_empty(it.detail.in(Language::english));
    const auto detail_pt = unless_empty(it.detail.in(Language::portuguese));
    if (it.state != State::taken) {
        use.keep.execute(
            note.receiver,
            it.position,
            it.state == State::dead ? row_dead : row_pending,
            note.key,
            it.event_id,
            it.type,
            it.stream,
            note.recorded_at,
            it.attempts,
            it.due.value_or(Timestamp{}),
            it.attempted_at,
            it.outcome ? std::optional(name_of(*it.outcome)) : std::nullopt,
            detail,
            detail_pt
        );
        return;
    }
    if (note.may_have_row) use.remove.execute(note.receiver, it.position);
    auto last = taken.find(note.receiver);
    if (last == taken.end()) {
        auto row = use.taken.run(note.receiver);
        if (!row.next()) return;  // it was forgotten in the meantime
        last = taken.emplace(note.receiver, row.number(0)).first;
    }
    use.take.execute(
        note.receiver,
        ++last->second,
        it.position,
        it.event_id,
        it.type,
        it.stream,
        it.attempts,
        it.attempted_at,
        detail,
        detail_pt
    );
}

std::uint64_t Progress::dead(ReceiverNumber receiver) {
    auto row = statements_->dead.run(receiver);
    return row.next() ? row.unsigned_number(0) : 0;
}

std::optional<std::pair<Delivery, Pending>> Progress::find(
    ReceiverNumber receiver, const EventId& event
) {
    Statement select(
        database_->getHandle(),
        "SELECT " VITRINE_EXCEPTION " FROM exceptions WHERE receiver=? AND event_id=?"
    );
    auto row = select.run(receiver, event);
    if (!row.next()) return std::nullopt;
    return std::pair(delivery_of(row), pending_of(row));
}

std::vector<Pending> Progress::revive(
    ReceiverNumber receiver, const std::optional<EventId>& event, std::size_t limit
) {
    auto* connection = database_->getHandle();
    Immediate transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    std::vector<Pending> revived;
    {
        Statement select(
            connection,
            "SELECT " VITRINE_EXCEPTION
            " FROM exceptions WHERE receiver=?1 AND state=1"
            " AND (?2 IS NULL OR event_id=?2) ORDER BY position LIMIT ?3"
        );
        for (auto row = select.run(receiver, event, limit); row.next();)
            revived.push_back(pending_of(row));
    }
    Statement update(
        connection, "UPDATE exceptions SET state=0,attempts=0,due=0 WHERE receiver=? AND position=?"
    );
    for (auto& each : revived) {
        update.execute(receiver, each.position);
        each.attempts = 0;
        each.due = {};
    }
    transaction.commit();
    return revived;
}

std::uint64_t Progress::dismiss(ReceiverNumber receiver, const std::optional<EventId>& event) {
    Statement remove(
        database_->getHandle(),
        "DELETE FROM exceptions WHERE receiver=?1 AND state=1 AND (?2 IS NULL OR event_id=?2)"
    );
    remove.execute(receiver, event);
    return static_cast<std::uint64_t>(sqlite3_changes64(database_->getHandle()));
}

void Progress::remove(ReceiverNumber receiver, Position position) {
    statements_->remove.execute(receiver, position);
}

void Progress::hasten(ReceiverNumber receiver, Position position) {
    Statement(database_->getHandle(), "UPDATE exceptions SET due=0 WHERE receiver=? AND position=?")
        .execute(receiver, position);
}

void Progress::pause(ReceiverNumber receiver, bool paused) {
    Statement(database_->getHandle(), "UPDATE receivers SET paused=? WHERE number=?")
        .execute(paused ? 1 : 0, receiver);
}

Replay Progress::add_replay(ReceiverNumber receiver, Position from, Position to) {
    Statement(database_->getHandle(), "INSERT INTO replays(receiver,next,last) VALUES(?,?,?)")
        .execute(receiver, from, to);
    return {database_->getLastInsertRowid(), from, to};
}

}  // namespace vitrine::deliveries
