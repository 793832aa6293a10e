#pragma once

#include "sandbox/options.hpp"

namespace vitrine::sandbox {

/// Serves until SIGTERM or SIGINT. Answers the exit code; what went wrong is one line on stderr.
int run(const Options& options);

}  // namespace vitrine::sandbox
