#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine::commands {

/// What is wrong with a tenant's branding, as one sentence: it is a JSON object, and in it what is
/// an address, by its name (`logo`, `site_url`) or by how it begins, is an https URL.
std::optional<std::string> branding_fault(std::string_view json);

}  // namespace vitrine::commands
