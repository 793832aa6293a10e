#pragma once

#include <optional>
#include <string>
#include <string_view>

// RFC 4648 §4, with padding. Any thread.
namespace vitrine {

std::string encode_base64(std::string_view bytes);

/// nullopt: it is not what encode_base64 writes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace vitrine
