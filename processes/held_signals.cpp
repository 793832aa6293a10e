#include "processes/held_signals.hpp"

#include <utility>

namespace vitrine::processes {

void HeldSignals::add(HeldSignal signal, Timestamp since) {
    drop(signal);
    if (signal.is_early) early_.emplace(since, signal.position, signal.process);
    by_process_[signal.process][signal.position] = {signal.is_early, since};
}

void HeldSignals::drop(const HeldSignal& signal) {
    const auto found = by_process_.find(signal.process);
    if (found == by_process_.end()) return;
    const auto place = found->second.find(signal.position);
    if (place == found->second.end()) return;
    early_.erase({place->second.since, signal.position, signal.process});
    found->second.erase(place);
    if (found->second.empty()) by_process_.erase(found);
}

std::vector<HeldSignal> HeldSignals::of(const ProcessName& process) const {
    std::vector<HeldSignal> signals;
    const auto found = by_process_.find(process);
    if (found == by_process_.end()) return signals;
    for (const auto& [position, place] : found->second)
        signals.push_back({process, position, place.is_early});
    return signals;
}

std::optional<HeldSignals::Oldest> HeldSignals::oldest_early() const {
    if (early_.empty()) return std::nullopt;
    const auto& [since, position, process] = *early_.begin();
    return Oldest{{process, position, true}, since};
}

std::size_t HeldSignals::stuck() const {
    std::size_t count = 0;
    for (const auto& [process, places] : by_process_)
        for (const auto& [position, place] : places) count += place.is_early ? 0 : 1;
    return count;
}

std::vector<HeldSignal> HeldSignals::all() const {
    std::vector<HeldSignal> signals;
    for (const auto& [process, places] : by_process_)
        for (const auto& [position, place] : places)
            signals.push_back({process, position, place.is_early});
    return signals;
}

}  // namespace vitrine::processes
