#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_text.hpp"

namespace vitrine::commands {

/// A tenant's branding: one JSON object as a request's body may be one, in which what is an
/// address, by its name (`logo`, `site_url`) or by how it begins, is a text with an https URL; null
/// is none. The compact text of it, or all that is wrong, a sentence with a JSON pointer for each.
std::expected<JsonText, std::vector<std::string>> read_branding(std::string_view json);

}  // namespace vitrine::commands
