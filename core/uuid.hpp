#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace vitrine {

/// The only way to make an id. Each call gives another UUID in its 36-character text form.
using UuidSource = std::function<std::string()>;

/// UUIDv7 (RFC 9562): sorts by time of creation, also within a millisecond. Any thread.
UuidSource uuid_v7_source(Clock clock);

/// UUIDv8 (RFC 9562) made of a text: the same of the same text, another of another. Any thread.
std::string uuid_of_text(std::string_view text);

bool is_uuid(std::string_view text);

}  // namespace vitrine
