#pragma once

#include "sandbox/peers/options.hpp"

namespace vitrine::sandbox::peers {

/// Serves until SIGTERM or SIGINT. Answers the exit code; what went wrong is one line on stderr.
int run(const Options& options);

}  // namespace vitrine::sandbox::peers
