#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/parked.hpp"
#include "projections/progress.hpp"

namespace vitrine::projections {

/// Why a projection stands still. It is tried again, with growing pauses.
struct Stop {
    Position position = 0;   // of the event it could not apply; 0: no event is to blame
    std::string event_type;  // may be empty
    std::string reason;
    int attempts = 0;  // for this reason
    Timestamp since;
};

enum class State {
    building,   // the first generation is being made; nothing can be read yet
    upgrading,  // the file of another version serves, as it was, while this one is built
    running,    // applying, or waiting for events
    stopped,    // see Status::stop
};

std::string_view state_name(State state);

struct Status {
    std::string name;
    int version = 0;
    std::uint64_t generation = 0;  // 0 while building
    State state{};
    Position position = 0;   // events up to here are visible
    std::uint64_t lag = 0;   // events of the log after that
    double lag_seconds = 0;  // age of the first of them
    std::size_t parked = 0;  // events that could not be applied, and those that wait for them
    std::optional<ParkedEvent> first_parked;  // of them; only where a change is told
    std::optional<Stop> stop;
    std::optional<RebuildProgress> build;  // of a file beside this one, or of the first
};

}  // namespace vitrine::projections
