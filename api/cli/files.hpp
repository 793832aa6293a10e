#pragma once

#include <string>

namespace vitrine::api {

/// What the file holds, or with "-" the standard input. Throws std::runtime_error.
std::string read_input(const std::string& file);

}  // namespace vitrine::api
