#pragma once

// For the .cpp files of this layer: request bodies as JSON, after their schema has accepted them.

#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/json_fwd.hpp"
#include "core/edited.hpp"
#include "core/fault.hpp"
#include "core/json_text.hpp"

namespace vitrine::commands {

/// A body as it was received. Numbers are kept by their value: 1e2 is 100.0 from then on.
struct Body {
    Json json;
    /// Numbers that neither 64 bits nor a double hold as they were written; in `json` they are
    /// rounded, one beyond every double (1e400) to infinity.
    std::vector<Fault> inexact_numbers;
};

/// One JSON object: UTF-8, no NUL in a text, no member twice, at most 64 deep. An empty text is {}.
/// The fault says where and why not.
std::expected<Body, Fault> read_body(std::string_view text);

/// As read_body, for a reader whom rounded numbers do not concern.
std::expected<Json, Fault> parse_body(std::string_view text);

std::optional<std::string> text_member(const Json& json, const char* name);
/// Also one that is written as 100.0 or 1e2.
std::optional<std::int64_t> integer_member(const Json& json, const char* name);
std::optional<bool> bool_member(const Json& json, const char* name);
/// Compact text of the member; empty when absent or null.
JsonText json_member(const Json& json, const char* name);

// Of an edit, where null takes away.
Edited<std::string> text_edit(const Json& json, const char* name);
/// Empty when absent; "null" when null.
JsonText json_edit(const Json& json, const char* name);

/// The name of a member as a part of a JSON pointer.
std::string escape_pointer(std::string_view name);

}  // namespace vitrine::commands
