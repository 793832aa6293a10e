#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace vitrine::net {

/// The longest pause that is honoured.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24);

/// The value of a Retry-After (RFC 9110 §10.2.3): seconds, or a date in one of the three forms of
/// HTTP, counted from `now`. Between nothing and longest_retry_after; nullopt: it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Timestamp now);

}  // namespace vitrine::net
