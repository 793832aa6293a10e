#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "processes/draft.hpp"
#include "processes/log_reader.hpp"
#include "processes/process.hpp"
#include "store/event_store.hpp"

// Which processes an event of the log concerns, and how. Pure.
namespace vitrine::processes {

/// What a process is to take, and the position of the event.
struct Due {
    Input input;
    store::SharedEvent event;
    bool waits = true;  // for its process, if that is not there
    bool was_held = false;
};

/// In the order of the log; of own events that follow each other one comparison is enough.
struct DueOf {
    ProcessName process;
    std::vector<Due> inputs;
};

/// The events that are read at all.
store::Filter filter_of(const std::vector<Kind>& kinds);

/// What one event is to one process; nullopt: nothing.
std::optional<Input> input_of(
    const Kind& kind, const ProcessName& process, const store::SharedEvent& event
);

/// Throws what a kind's `signals` throws.
std::vector<DueOf> route(const std::vector<Kind>& kinds, const LogReader::Page& page);

}  // namespace vitrine::processes
