#pragma once

#include "api/cli/subcommands.hpp"

namespace vitrine::api {

/// `saga show`, `saga explore`.
void add_saga(CLI::App& app, Action& action);

}  // namespace vitrine::api
