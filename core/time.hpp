#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// UTC, microseconds: the precision of the log.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// The only way to learn the time. Pure code takes a Timestamp instead.
using Clock = std::function<Timestamp()>;

Clock system_clock();

/// "2011-04-01T03:00:00Z"; with ".123456" when the microseconds are not zero.
std::string format_time(Timestamp time);

/// RFC 3339 with "Z" or an offset, up to nanoseconds (cut to microseconds); nullopt if it is none.
std::optional<Timestamp> parse_time(std::string_view text);

}  // namespace vitrine
