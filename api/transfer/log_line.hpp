#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "store/log_parts.hpp"

// The exported log as text: one JSON object a line, each with its kind as "line". Times are
// microseconds since 1970-01-01T00:00:00Z; data, metadata, bodies, plans and answers are strings
// that hold the stored bytes, hashes are hexadecimal. docs/operate/README.md describes it.
namespace vitrine::api {

/// With what the first line of every exported log begins.
constexpr std::string_view log_line_start = R"({"line":"header","format":"vitrine-log")";

/// Without the end of the line. Throws store::Damaged if a text of the log is not UTF-8.
std::string write_log_line(const store::LogPart& part);

/// Any bytes, without the end of the line; the fault is one sentence. What write_log_line has
/// written comes back as it was.
std::expected<store::LogPart, std::string> parse_log_line(std::string_view line);

}  // namespace vitrine::api
