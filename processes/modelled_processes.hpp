#pragma once

#include "processes/open_processes.hpp"
#include "projections/read_model.hpp"

namespace vitrine::processes {

/// As the read model `processes` has them.
class ModelledProcesses : public OpenProcesses {
public:
    /// `model` outlives it.
    explicit ModelledProcesses(const projections::ReadModel& model) : model_(model) {}

    Position position() override { return model_.position(); }
    std::vector<TimerRow> timers(const std::optional<TimerRow>& after, std::size_t limit) override;
    std::vector<ProcessName> under_way(const std::optional<ProcessName>& after, std::size_t limit)
        override;

private:
    const projections::ReadModel& model_;
};

}  // namespace vitrine::processes
