#include "projections/processes/tables.hpp"

namespace vitrine::projections {

std::vector<Table> process_tables() {
    return {
        {"processes",
         "CREATE TABLE processes("
         " tenant TEXT NOT NULL, name TEXT NOT NULL,"  // "<kind>/<id>"
         " kind TEXT NOT NULL, id TEXT NOT NULL,"
         " state TEXT NOT NULL, waits_for TEXT NOT NULL, waits_for_pt TEXT NOT NULL,"
         " opened_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"  // microseconds
         " next_due INTEGER,"                                         // NULL: no timer is set
         " running INTEGER NOT NULL,"                                 // steps that have not ended
         " ignored INTEGER NOT NULL, last_ignored TEXT NOT NULL, last_ignored_pt TEXT NOT NULL,"
         " version INTEGER NOT NULL, position INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, name)) WITHOUT ROWID",
         {"tenant", "name"},
         {"CREATE INDEX processes_opened ON processes(tenant, opened_at, name)",
          "CREATE INDEX processes_state ON processes(tenant, state, opened_at, name)",
          "CREATE INDEX processes_running ON processes(tenant, kind, id) WHERE running>0",
          "CREATE INDEX processes_count ON processes(kind, state)"}},
        {"process_steps",
         "CREATE TABLE process_steps("
         " tenant TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,"
         " effect TEXT NOT NULL, key TEXT NOT NULL, connector TEXT NOT NULL,"
         " summary TEXT NOT NULL, summary_pt TEXT NOT NULL, state TEXT NOT NULL,"
         " attempts INTEGER NOT NULL, intended_at INTEGER NOT NULL, ended_at INTEGER,"
         " next_try_at INTEGER,"  // NULL: it was not put off
         " problem TEXT NOT NULL, detail TEXT NOT NULL, detail_pt TEXT NOT NULL,"
         " PRIMARY KEY(tenant, name, number)) WITHOUT ROWID",
         {"tenant", "name", "number"},
         {}},
        {"process_timers",
         "CREATE TABLE process_timers("
         " tenant TEXT NOT NULL, name TEXT NOT NULL, timer TEXT NOT NULL,"
         " kind TEXT NOT NULL, id TEXT NOT NULL, due INTEGER NOT NULL,"
         " PRIMARY KEY(tenant, name, timer)) WITHOUT ROWID",
         {"tenant", "name", "timer"},
         {"CREATE INDEX process_timers_due ON process_timers(due, tenant, kind, id, timer)"}},
        {"process_lateness",
         "CREATE TABLE process_lateness("
         " tenant TEXT NOT NULL, kind TEXT NOT NULL,"
         " bucket INTEGER NOT NULL,"                        // beyond the last bound: the greatest
         " fired INTEGER NOT NULL, late INTEGER NOT NULL,"  // late: their sum, microseconds
         " PRIMARY KEY(tenant, kind, bucket)) WITHOUT ROWID",
         {"tenant", "kind", "bucket"},
         {}},
    };
}

ProcessTables::ProcessTables(SQLite::Database& database)
    : write_(
          database.getHandle(),
          "INSERT OR REPLACE INTO processes VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      ),
      read_(
          database.getHandle(),
          "SELECT " VITRINE_PROCESS_COLUMNS " FROM processes WHERE tenant=? AND name=?"
      ),
      write_step_(
          database.getHandle(),
          "INSERT OR REPLACE INTO process_steps VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      ),
      read_steps_(
          database.getHandle(),
          "SELECT " VITRINE_STEP_COLUMNS
          " FROM process_steps WHERE tenant=? AND name=? ORDER BY number"
      ),
      write_timer_(database.getHandle(), "INSERT INTO process_timers VALUES(?,?,?,?,?,?)"),
      drop_timers_(database.getHandle(), "DELETE FROM process_timers WHERE tenant=? AND name=?"),
      read_timers_(
          database.getHandle(),
          "SELECT timer,due FROM process_timers WHERE tenant=? AND name=? ORDER BY timer"
      ),
      add_lateness_(
          database.getHandle(),
          "INSERT INTO process_lateness VALUES(?,?,?,?,?) ON CONFLICT(tenant, kind, bucket) DO "
          "UPDATE"
          " SET fired=fired+excluded.fired, late=late+excluded.late"
      ) {}

void ProcessTables::read(const TenantId& tenant, std::string_view name, ProcessState& process) {
    {
        auto row = read_.run(tenant, name);
        if (!row.next()) return;
        read_process(row, process);
    }
    for (auto row = read_steps_.run(tenant, name); row.next();)
        process.steps.push_back(step_of(row));
    for (auto row = read_timers_.run(tenant, name); row.next();)
        process.timers.push_back({row.string(0), row.time(1)});
}

void ProcessTables::write(
    const TenantId& tenant, std::string_view name, const ProcessState& process
) {
    std::optional<Timestamp> next_due;
    drop_timers_.execute(tenant, name);
    for (const auto& timer : process.timers) {
        write_timer_.execute(tenant, name, timer.name, process.kind, process.id, timer.due);
        if (!next_due || timer.due < *next_due) next_due = timer.due;
    }
    std::int64_t number = 0, running = 0;
    for (const auto& step : process.steps) {
        if (!step.ended_at) ++running;
        write_step_.execute(
            tenant,
            name,
            ++number,
            step.effect,
            step.key,
            step.connector,
            step.summary,
            step.summary_pt,
            step.state,
            step.attempts,
            step.intended_at,
            step.ended_at,
            step.next_try_at,
            step.problem,
            step.detail,
            step.detail_pt
        );
    }
    write_.execute(
        tenant,
        name,
        process.kind,
        process.id,
        process.state,
        process.waits_for,
        process.waits_for_pt,
        process.opened_at,
        process.changed_at,
        next_due,
        running,
        process.ignored,
        process.last_ignored,
        process.last_ignored_pt,
        process.version,
        process.position
    );
}

void ProcessTables::add(const TenantId& tenant, std::string_view kind, const Lateness& lateness) {
    for (std::size_t bucket = 0; bucket < lateness.counts.size(); ++bucket) {
        // The sum stands in the last bucket: it is there for every kind.
        const bool is_last = bucket + 1 == lateness.counts.size();
        if (lateness.counts[bucket] != 0 || is_last)
            add_lateness_.execute(
                tenant, kind, bucket, lateness.counts[bucket], is_last ? lateness.sum : 0
            );
    }
}

void read_process(const Statement::Run& row, ProcessState& process) {
    process.kind = row.text(0);
    process.id = row.text(1);
    process.state = row.text(2);
    process.waits_for = row.text(3);
    process.waits_for_pt = row.text(4);
    process.opened_at = row.time(5);
    process.changed_at = row.time(6);
    process.ignored = row.number(7);
    process.last_ignored = row.text(8);
    process.last_ignored_pt = row.text(9);
    process.version = row.unsigned_number(10);
    process.position = row.unsigned_number(11);
}

ProcessStep step_of(const Statement::Run& row) {
    ProcessStep step;
    step.effect = row.text(0);
    step.key = row.text(1);
    step.connector = row.text(2);
    step.summary = row.text(3);
    step.summary_pt = row.text(4);
    step.state = row.text(5);
    step.attempts = row.number(6);
    step.intended_at = row.time(7);
    if (!row.is_null(8)) step.ended_at = row.time(8);
    if (!row.is_null(9)) step.next_try_at = row.time(9);
    step.problem = row.text(10);
    step.detail = row.text(11);
    step.detail_pt = row.text(12);
    return step;
}

}  // namespace vitrine::projections
