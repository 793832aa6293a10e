#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "events/processes.hpp"
#include "processes/folded.hpp"
#include "processes/process.hpp"
#include "processes/process_name.hpp"
#include "store/event_store.hpp"

// What is appended to a process's stream because of a signal. Pure.
namespace vitrine::processes {

/// What is wanted is to be compared with what is under way; nothing else.
struct Compare {};
struct TakeFact {
    store::SharedEvent event;
};
using Input = std::variant<
    Compare,
    TakeFact,
    events::ProcessEffectEnded,
    events::ProcessEffectPutOff,
    events::ProcessTimerFired>;

/// One append: what came of the step before, what follows from it, what `wanted` now adds and
/// cancels, and what commands that have fed the process are answered.
struct Draft {
    std::vector<store::NewEvent> events;   // none: nothing follows, or it was taken before
    std::vector<store::Conclude> answers;  // each is one of the events, too
    std::map<std::string, SetTimer> timers_before;
    Folded after;  // as if they were appended
};

/// `before` is given up for it. Throws events::UnreadableEvent, and what the process throws.
Draft draft(
    const Kind& kind, const ProcessName& process, Folded before, const Input& input, Timestamp now
);

}  // namespace vitrine::processes
