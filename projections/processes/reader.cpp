#include "projections/processes/reader.hpp"

#include <algorithm>

#include "projections/page.hpp"

namespace vitrine::projections {
namespace {

/// Whatever is asked for, every row that is looked at fits.
bool may_go_on() {
    return true;
}

/// Each filter is in the statement, so that a page of few among many reads no others.
std::string list_sql(const ProcessPage& page) {
    std::string sql =
        "SELECT " VITRINE_PROCESS_COLUMNS ",next_due,name FROM processes WHERE tenant=?1";
    if (!page.kind.empty()) sql += " AND kind=?4";
    if (!page.state.empty()) sql += " AND state=?5";
    if (page.after) sql += " AND (opened_at,name)<(?2,?3)";
    return sql + " ORDER BY opened_at DESC,name DESC";
}

/// SQLite takes no more parameters than the statement names.
Statement::Run run_list(Statement& select, const TenantId& tenant, const ProcessPage& page) {
    const ListKey none;
    const auto& after = page.after ? *page.after : none;
    if (!page.state.empty())
        return select.run(tenant, after.number, after.id, page.kind, page.state);
    if (!page.kind.empty()) return select.run(tenant, after.number, after.id, page.kind);
    if (page.after) return select.run(tenant, after.number, after.id);
    return select.run(tenant);
}

}  // namespace

std::optional<ProcessState> ProcessesReader::find(
    const TenantId& tenant, std::string_view kind, std::string_view id
) {
    lease_.read_position();
    const auto name = std::string(kind) + '/' + std::string(id);
    ProcessState process;
    {
        auto& select = lease_.statement("SELECT " VITRINE_PROCESS_COLUMNS
                                        " FROM processes WHERE tenant=? AND name=?");
        auto row = select.run(tenant, name);
        if (!row.next()) return std::nullopt;
        read_process(row, process);
    }
    auto& steps = lease_.statement("SELECT " VITRINE_STEP_COLUMNS
                                   " FROM process_steps WHERE tenant=? AND name=? ORDER BY number");
    for (auto row = steps.run(tenant, name); row.next();) process.steps.push_back(step_of(row));
    auto& timers = lease_.statement(
        "SELECT timer,due FROM process_timers WHERE tenant=? AND name=? ORDER BY due,timer"
    );
    for (auto row = timers.run(tenant, name); row.next();)
        process.timers.push_back({row.string(0), row.time(1)});
    return process;
}

ListItems<ListedProcess> ProcessesReader::list(const TenantId& tenant, const ProcessPage& page) {
    lease_.read_position();
    auto& select = lease_.statement(list_sql(page));
    return look_through<ListedProcess, ListKey>(
        run_list(select, tenant, page),
        page.limit,
        may_go_on,
        [](const Statement::Run& row, ListKey& key) -> std::optional<ListedProcess> {
            constexpr int due_column = 12, name_column = 13;
            ListedProcess listed;
            read_process(row, listed.process);
            if (!row.is_null(due_column)) listed.next_due = row.time(due_column);
            key.number = listed.process.opened_at.time_since_epoch().count();
            key.id = row.text(name_column);
            return listed;
        }
    );
}

std::vector<DueTimer> ProcessesReader::timers(
    const std::optional<DueTimer>& after, std::size_t limit
) {
    auto& select = lease_.statement(
        after ? "SELECT due,tenant,kind,id,timer FROM process_timers"
                " WHERE (due,tenant,kind,id,timer)>(?2,?3,?4,?5,?6)"
                " ORDER BY due,tenant,kind,id,timer LIMIT ?1"
              : "SELECT due,tenant,kind,id,timer FROM process_timers"
                " ORDER BY due,tenant,kind,id,timer LIMIT ?1"
    );
    auto row =
        after ? select.run(limit, after->due, after->tenant, after->kind, after->id, after->timer)
              : select.run(limit);
    std::vector<DueTimer> timers;
    while (row.next()) {
        timers.push_back(
            {row.time(0), TenantId(row.text(1)), row.string(2), row.string(3), row.string(4)}
        );
    }
    return timers;
}

std::vector<ProcessKey> ProcessesReader::under_way(
    const std::optional<ProcessKey>& after, std::size_t limit
) {
    auto& select = lease_.statement(
        after ? "SELECT tenant,kind,id FROM processes WHERE running>0"
                " AND (tenant,kind,id)>(?2,?3,?4) ORDER BY tenant,kind,id LIMIT ?1"
              : "SELECT tenant,kind,id FROM processes WHERE running>0"
                " ORDER BY tenant,kind,id LIMIT ?1"
    );
    auto row = after ? select.run(limit, after->tenant, after->kind, after->id) : select.run(limit);
    std::vector<ProcessKey> keys;
    while (row.next()) keys.push_back({TenantId(row.text(0)), row.string(1), row.string(2)});
    return keys;
}

std::map<std::string, ProcessCounts> ProcessesReader::counts(Timestamp now) {
    std::map<std::string, ProcessCounts> counts;
    auto& states =
        lease_.statement("SELECT kind,state,count(*) FROM processes GROUP BY kind,state");
    for (auto row = states.run(); row.next();)
        counts[row.string(0)].by_state[row.string(1)] = row.number(2);
    auto& overdue =
        lease_.statement("SELECT kind,count(*) FROM process_timers WHERE due<? GROUP BY kind");
    for (auto row = overdue.run(now); row.next();) counts[row.string(0)].overdue = row.number(1);
    auto& late = lease_.statement(
        "SELECT kind,bucket,sum(fired),sum(late) FROM process_lateness GROUP BY kind,bucket"
    );
    for (auto row = late.run(); row.next();) {
        auto& lateness = counts[row.string(0)].lateness;
        lateness.counts.at(static_cast<std::size_t>(row.number(1))) = row.number(2);
        lateness.sum += row.number(3);
    }
    return counts;
}

}  // namespace vitrine::projections
