#pragma once

#include <string_view>

#include "core/sha256.hpp"

namespace vitrine {

/// HMAC-SHA256 (RFC 2104). Any thread. Throws std::runtime_error.
Sha256::Digest hmac_sha256(std::string_view key, std::string_view text);

/// Compares secrets: the time it takes says nothing of where they differ, only whether their sizes
/// do.
bool equal_in_constant_time(std::string_view one, std::string_view other);

}  // namespace vitrine
