#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "core/time.hpp"
#include "processes/checkpoint.hpp"

namespace vitrine::processes {

/// Signals that were read and wait: for their process to be there, or, where it stands still, for
/// something to happen in it.
class HeldSignals {
public:
    /// `since`: when the fact was recorded.
    void add(HeldSignal signal, Timestamp since);

    /// Of no effect if it is not held.
    void drop(const HeldSignal& signal);

    /// In the order of the log.
    std::vector<HeldSignal> of(const ProcessName& process) const;

    bool waits_for(const ProcessName& process) const { return by_process_.contains(process); }

    /// The early one that has waited longest, and since when.
    struct Oldest {
        HeldSignal signal;
        Timestamp since;
    };
    std::optional<Oldest> oldest_early() const;

    std::size_t early() const { return early_.size(); }
    std::size_t stuck() const;
    std::vector<HeldSignal> all() const;

private:
    struct Place {
        bool is_early = false;
        Timestamp since;
    };
    std::map<ProcessName, std::map<Position, Place>> by_process_;
    std::set<std::tuple<Timestamp, Position, ProcessName>> early_;
};

}  // namespace vitrine::processes
