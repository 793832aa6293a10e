#include "processes/modelled_processes.hpp"

#include <stdexcept>

#include "projections/processes/reader.hpp"

namespace vitrine::processes {
namespace {

projections::ProcessesReader reader_of(const projections::ReadModel& model) {
    auto lease = model.lease();
    if (!lease) throw std::runtime_error("the read model processes is not there yet");
    return projections::ProcessesReader(*std::move(lease));
}

}  // namespace

std::vector<TimerRow> ModelledProcesses::timers(
    const std::optional<TimerRow>& after, std::size_t limit
) {
    std::optional<projections::DueTimer> from;
    if (after) {
        const auto& [tenant, kind, id] = after->process;
        from = {after->due, tenant, kind, id, after->timer};
    }
    std::vector<TimerRow> rows;
    for (auto& timer : reader_of(model_).timers(from, limit)) {
        rows.push_back(
            {timer.due,
             {std::move(timer.tenant), std::move(timer.kind), std::move(timer.id)},
             std::move(timer.timer)}
        );
    }
    return rows;
}

std::vector<ProcessName> ModelledProcesses::under_way(
    const std::optional<ProcessName>& after, std::size_t limit
) {
    std::optional<projections::ProcessKey> from;
    if (after) from = {after->tenant, after->kind, after->id};
    std::vector<ProcessName> names;
    for (auto& key : reader_of(model_).under_way(from, limit))
        names.push_back({std::move(key.tenant), std::move(key.kind), std::move(key.id)});
    return names;
}

}  // namespace vitrine::processes
