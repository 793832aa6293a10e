#pragma once

#include <string>

#include "api/cli/ask.hpp"

namespace vitrine::api {

/// Prints one process: its state, its steps and its timers; as one JSON object if that is asked
/// for. The exit code. An empty tenant: of whichever has it.
int show_process(
    const DataOptions& where,
    const std::string& tenant,
    const std::string& kind,
    const std::string& id,
    bool json
);

}  // namespace vitrine::api
