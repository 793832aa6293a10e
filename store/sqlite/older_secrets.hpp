#pragma once

#include <string>
#include <string_view>

#include "store/keys.hpp"

namespace vitrine::store::sqlite {

/// Whom a secret was sealed for that stood with its tenant.
std::string older_owner_of(const TenantId& tenant);

/// What older programs kept for each tenant, as the secret of its connector: four texts, each
/// followed by a zero byte. Throws Damaged.
Secrets older_secrets(std::string_view packed);

}  // namespace vitrine::store::sqlite
