#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "processes/open_processes.hpp"

namespace vitrine::processes {

/// Timers in the order of their due times: those that the read model tells of, and what the runner
/// has done since the events that it has read.
///
/// Concurrency: one loop. Memory: of what the read model has not read yet.
class DueTimers {
public:
    explicit DueTimers(OpenProcesses& open) : open_(open) {}

    /// `at`: the position of the event that says so.
    void set(const TimerRow& row, Position at);
    void gone(const TimerRow& row, Position at);
    /// It cannot fire now, and is not told of again while this lives.
    void set_aside(const TimerRow& row);

    /// Those that are due at `now`, the first beyond `after`, at most about `limit`. Each has to be
    /// said to be gone, or set aside, or it comes again.
    std::vector<TimerRow> due(
        Timestamp now, const std::optional<TimerRow>& after, std::size_t limit
    );

    /// The due time of the first of all.
    std::optional<Timestamp> next();

private:
    void forget_what_is_read();
    bool is_gone(const TimerRow& row) const { return gone_.contains(row); }

    OpenProcesses& open_;
    std::map<TimerRow, Position> set_;
    std::map<TimerRow, Position> gone_;
    Position read_ = 0;
};

}  // namespace vitrine::processes
