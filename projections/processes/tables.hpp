#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "projections/processes/process.hpp"
#include "projections/projector.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// How late timers fired, in buckets of a histogram: seconds up to which each goes.
inline constexpr std::array<double, 10> lateness_bounds = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 10, 60, 3600
};

/// Of one kind of process: a count for each bound, and one for all that was later.
struct Lateness {
    std::array<std::int64_t, lateness_bounds.size() + 1> counts{};
    std::int64_t sum = 0;  // microseconds
};

std::vector<Table> process_tables();

/// Columns of a process, and what a row that begins with them says; steps and timers stand apart.
#define VITRINE_PROCESS_COLUMNS                                                       \
    "kind,id,state,waits_for,waits_for_pt,opened_at,changed_at,ignored,last_ignored," \
    "last_ignored_pt,version,position"
void read_process(const Statement::Run& row, ProcessState& process);

/// Likewise of its steps.
#define VITRINE_STEP_COLUMNS                                                                   \
    "effect,key,connector,summary,summary_pt,state,attempts,intended_at,ended_at,next_try_at," \
    "problem,detail,detail_pt"
ProcessStep step_of(const Statement::Run& row);

/// The tables of the read model `processes`, for its projector.
class ProcessTables {
public:
    explicit ProcessTables(SQLite::Database& database);

    /// Leaves `process` as it is if there is none of that name.
    void read(const TenantId& tenant, std::string_view name, ProcessState& process);
    void write(const TenantId& tenant, std::string_view name, const ProcessState& process);
    void add(const TenantId& tenant, std::string_view kind, const Lateness& lateness);

private:
    Statement write_, read_, write_step_, read_steps_, write_timer_, drop_timers_, read_timers_,
        add_lateness_;
};

}  // namespace vitrine::projections
