#pragma once

#include <string>
#include <vector>

namespace vitrine::api {

/// The arguments of the program, in order and without its name. Those that are secrets in the clear
/// are overwritten in `argv`, where other users could read them: called before anything else.
std::vector<std::string> take_arguments(int argc, char** argv);

/// Runs what the arguments say; the program's exit code: 0 fine, 1 the work failed (one line on the
/// standard error says why), 2 wrong usage, 3 data damaged.
int run_command_line(std::vector<std::string> arguments);

}  // namespace vitrine::api
