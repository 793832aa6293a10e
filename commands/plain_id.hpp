#pragma once

#include <string_view>

namespace vitrine::commands {

/// What others call something of theirs: 1 to 200 printable characters of ASCII without a blank,
/// fit for the name of a stream.
bool is_plain_id(std::string_view text);

}  // namespace vitrine::commands
