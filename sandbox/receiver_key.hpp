#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// The key that the platform's own receiver makes of a webhook's secret: what it decodes to where
/// it is base64 to PHP (strictly), else its text. nullopt: that has not 16 to 512 bytes.
std::optional<std::string> receiver_key(std::string_view secret);

}  // namespace vitrine::sandbox
