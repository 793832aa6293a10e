#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/people_keys.hpp"

// Texts sealed under a person's key: base64 of the key's id, the nonce and XChaCha20-Poly1305. The
// nonce is made of key, place and text, so that the same text at the same place is the same seal:
// an append that is repeated is the same append.
namespace vitrine::store {

/// Where a sealed text stands; moved elsewhere it does not open.
struct SealedPlace {
    std::string_view tenant;
    std::string_view stream;
    std::string_view id;      // of the event or command
    std::string_view member;  // "/email"
};

std::string seal_text(const PersonKey& key, const SealedPlace& place, std::string_view text);

/// nullopt: another key or place, or altered.
std::optional<std::string> open_text(
    const PersonKey& key, const SealedPlace& place, std::string_view sealed
);

/// Of the key that sealed it; empty if it is no seal.
std::string key_id_of(std::string_view sealed);

}  // namespace vitrine::store
