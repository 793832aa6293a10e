#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "processes/process_name.hpp"

namespace vitrine::processes {

/// What operators shall know of a process: what goes wrong in it, and what it does after all.
struct Notice {
    enum class Level { info, warning };
    Level level = Level::info;
    std::string_view event;  // "a process stands still until the next start"
    ProcessName process;     // empty: none is concerned
    std::string what;        // the signal or effect; may be empty
    std::string reason;
};

using Notify = std::function<void(const Notice&)>;

}  // namespace vitrine::processes
