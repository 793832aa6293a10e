#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vitrine::store {

/// The text of an API key: "vtr_<8 hex digits>_<43 base64url characters>".
///
/// The first part tells keys apart in lists and logs; the second is 32 random bytes. Only a plain
/// SHA-256 of the text is kept: with 256 bits of randomness there is nothing to guess that a slow
/// or salted hash would protect, and each request can afford it.
std::string make_api_key();

constexpr std::size_t api_key_size = 4 + 8 + 1 + 43;
constexpr std::size_t api_key_prefix_size = 4 + 8;

using ApiKeyHash = std::array<std::uint8_t, 32>;
ApiKeyHash hash_api_key(std::string_view text);

/// In constant time.
bool equal(const ApiKeyHash& one, const ApiKeyHash& other);

}  // namespace vitrine::store
