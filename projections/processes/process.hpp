#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/processes.hpp"

namespace vitrine::projections {

/// An effect of a process. What is told to people is in both languages.
struct ProcessStep {
    std::string effect, key, connector;
    std::string summary, summary_pt;
    std::string state;  // "running", else how it ended: see events::effect_outcome
    std::int64_t attempts = 0;
    Timestamp intended_at;
    std::optional<Timestamp> ended_at;
    std::optional<Timestamp> next_try_at;    // it was put off until then
    std::string problem, detail, detail_pt;  // why it was not done, or is not done yet
};

/// A timer that is set.
struct ProcessTimer {
    std::string name;
    Timestamp due;
};

/// A process, folded from its general events. The order of its steps is that of their intents.
struct ProcessState {
    std::string kind, id;
    std::string state;  // see events::process_state
    std::string waits_for, waits_for_pt;
    Timestamp opened_at, changed_at;
    std::int64_t ignored = 0;  // signals that did not fit
    std::string last_ignored, last_ignored_pt;
    Version version = 0;    // of the stream, at its last general event; 0: there is none
    Position position = 0;  // of that event
    std::vector<ProcessStep> steps;
    std::vector<ProcessTimer> timers;

    std::size_t bytes() const;
};

/// The state after `event`, which was recorded then. Throws std::runtime_error if it is the end of
/// an effect that was never intended.
void evolve(ProcessState& process, const events::ProcessEvent& event, Timestamp recorded_at);

}  // namespace vitrine::projections
