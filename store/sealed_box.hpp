#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/keys.hpp"

namespace vitrine::store {

/// Seals small secrets with the master key (XChaCha20-Poly1305, a random nonce each). A sealed
/// secret opens only under the `owner` it was sealed for: moved to another row, it is refused.
std::string seal(const MasterKey& key, std::string_view owner, std::string_view secret);

/// nullopt: another key, another owner, or altered bytes.
std::optional<std::string> unseal(
    const MasterKey& key, std::string_view owner, std::string_view sealed
);

/// Overwrites a secret that is no longer needed.
void wipe(std::string& secret);

}  // namespace vitrine::store
