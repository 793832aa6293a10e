#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "processes/folded.hpp"
#include "processes/process_name.hpp"

namespace vitrine::processes {

/// Folded processes whose next signal is near, so that their streams are not read anew for it.
///
/// Operation: at most `most`; the one that was kept first is given up for another. Whoever takes
/// one has it alone, since its state changes in place. What has come to the stream since is read by
/// who takes it.
class KeptProcesses {
public:
    explicit KeptProcesses(std::size_t most) : most_(most) {}

    void keep(const ProcessName& process, Folded folded);
    std::optional<Folded> take(const ProcessName& process);
    std::size_t size() const { return by_name_.size(); }

private:
    using Kept = std::list<std::pair<ProcessName, Folded>>;

    std::size_t most_;
    Kept kept_;  // the oldest first
    std::map<ProcessName, Kept::iterator> by_name_;
};

}  // namespace vitrine::processes
