#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "events/envelope.hpp"
#include "events/processes.hpp"
#include "processes/process.hpp"
#include "processes/process_name.hpp"
#include "store/event_store.hpp"

namespace vitrine::processes {

/// Name and key of an effect.
using EffectName = std::pair<std::string, std::string>;

/// Intended, and not ended.
struct IntendedEffect {
    Version intended_at = 0;
    EventId event;
    std::optional<WantedEffect> wanted;  // as it was then; nullopt: this program does not want it
    std::optional<events::ProcessEffectPutOff> put_off = {};  // the last time
};

struct SetTimer {
    Timestamp due;
    Version set_at = 0;
    EventId event;
};

/// A process's stream, folded: the state of its business, and what the runner has noted of it.
struct Folded {
    Kind::State state;
    Version version = 0;  // 0: there is no such process yet
    EventId last;
    CorrelationId correlation_id;  // of its first event
    bool opened = false;
    std::map<EffectName, IntendedEffect> under_way = {};
    std::set<EffectName> ended = {};
    std::map<std::string, SetTimer> timers = {};
    std::set<std::pair<std::string, Timestamp>> fired = {};
    std::vector<events::ProcessAsked> asked = {};  // commands that were not answered yet
    events::ProcessWaiting waiting{"", "", "", std::string(events::process_state::open)};
    std::unordered_set<EventId> events = {};

    /// Whether events that followed from the signal are there.
    bool has_taken(const ProcessName& process, const std::string& signal) const;
};

Folded nothing_of(const Kind& kind);

/// Throws events::UnreadableEvent.
void apply(const Kind& kind, Folded& folded, const events::RecordedEvent& event);

/// What was folded, with what has come to the stream since. Throws events::UnreadableEvent, and
/// what the store throws.
Folded catch_up(
    store::EventStore& store, const Kind& kind, const ProcessName& process, Folded folded
);

}  // namespace vitrine::processes
