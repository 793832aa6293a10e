#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "processes/process_name.hpp"

namespace vitrine::processes {

/// A timer that is set: neither fired nor cancelled. Ordered as they fall due.
struct TimerRow {
    Timestamp due;
    ProcessName process;
    std::string timer;
    auto operator<=>(const TimerRow&) const = default;
};

/// What the runner must know of processes that it does not hold in memory: the general events of
/// the log (events/processes.hpp), folded. It may lag behind the log.
///
/// Concurrency: the runner's loop; answers in the time of a look-up. Errors: a broken one throws
/// std::runtime_error.
class OpenProcesses {
public:
    virtual ~OpenProcesses() = default;

    /// Events up to here are in what the other functions answer, if they are asked after this.
    virtual Position position() = 0;

    /// Timers that are set, in their order, the first beyond `after`, at most `limit`.
    virtual std::vector<TimerRow> timers(
        const std::optional<TimerRow>& after, std::size_t limit
    ) = 0;

    /// Processes with an effect that is intended and has not ended, in their order, the first
    /// beyond `after`, at most `limit`.
    virtual std::vector<ProcessName> under_way(
        const std::optional<ProcessName>& after, std::size_t limit
    ) = 0;
};

}  // namespace vitrine::processes
