#pragma once

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// Members keep the order in which they came: the platform's error body is known to the byte.
using Json = nlohmann::ordered_json;

/// Refuses, with a sentence for people, what is not JSON, is nested deeper than 64, or has an
/// object of more than 4,096 members (ordered objects look their members up one by one).
std::expected<Json, std::string> parse_json(std::string_view text);

/// `text` as a JSON string, with its quotes.
std::string json_string(std::string_view text);

/// The member as text; empty when it is absent or no string.
std::string_view text_of(const Json& object, std::string_view name);

/// The member, or nullptr.
const Json* member(const Json& object, std::string_view name);

/// PHP writes an empty map as `[]`.
bool is_empty_list(const Json& value);

}  // namespace vitrine::sandbox
