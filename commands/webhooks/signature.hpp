#pragma once

#include <string>
#include <string_view>
#include <vector>

// How the platform signs what it sends: HMAC-SHA256 of the raw body (clubify-api.md §8.3). Pure.
namespace vitrine::commands {

/// The keys that a secret may stand for: its own bytes, and what it decodes to as base64. Only
/// those of 16 to 512 bytes; none: the secret is of no use.
std::vector<std::string> webhook_keys(std::string_view secret);

/// `signature` is hex in either case, with or without "sha256=" before it. In constant time for
/// each key.
bool is_signed_with(std::string_view secret, std::string_view raw_body, std::string_view signature);

}  // namespace vitrine::commands
