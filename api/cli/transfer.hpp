#pragma once

#include <memory>

#include "api/cli/replay_filter.hpp"

namespace vitrine::api {

/// The commands below replay: export, import. `before`: the options of replay itself.
void add_transfer(CLI::App& replay, Action& action, const std::shared_ptr<ReplayOptions>& before);

}  // namespace vitrine::api
