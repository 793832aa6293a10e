#include "processes/kept_processes.hpp"

#include <iterator>

namespace vitrine::processes {

void KeptProcesses::keep(const ProcessName& process, Folded folded) {
    take(process);
    if (most_ == 0) return;
    if (by_name_.size() >= most_) {
        by_name_.erase(kept_.front().first);
        kept_.pop_front();
    }
    kept_.emplace_back(process, std::move(folded));
    by_name_.emplace(process, std::prev(kept_.end()));
}

std::optional<Folded> KeptProcesses::take(const ProcessName& process) {
    const auto found = by_name_.find(process);
    if (found == by_name_.end()) return std::nullopt;
    std::optional<Folded> folded(std::move(found->second->second));
    kept_.erase(found->second);
    by_name_.erase(found);
    return folded;
}

}  // namespace vitrine::processes
