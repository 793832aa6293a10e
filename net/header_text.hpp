#pragma once

#include <string_view>

namespace vitrine::net {

/// Equal but for the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);

/// Fields that say where a message ends: ours to write, nobody else's.
bool is_framing(std::string_view name);

/// CR, LF or NUL: it would end the field, and begin another.
bool breaks_header(std::string_view text);

}  // namespace vitrine::net
