#pragma once

// For the .cpp files of this layer: request bodies as JSON, after their schema has accepted them.

#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "commands/json_fwd.hpp"
#include "core/fault.hpp"
#include "core/json_text.hpp"

namespace vitrine::commands {

/// One JSON object: UTF-8, no NUL in a text, no member twice, at most 64 deep. An empty text is {}.
/// The fault says where and why not.
std::expected<Json, Fault> parse_body(std::string_view text);

std::optional<std::string> text_member(const Json& json, const char* name);
std::optional<std::int64_t> integer_member(const Json& json, const char* name);
std::optional<bool> bool_member(const Json& json, const char* name);
/// Compact text of the member; empty when absent or null.
JsonText json_member(const Json& json, const char* name);

}  // namespace vitrine::commands
