#pragma once

#include <expected>
#include <string>

#include "store/keys.hpp"

namespace vitrine::store {

/// What a tenant must look like to be registered; the first fault as one sentence.
std::expected<void, std::string> check_tenant(const Tenant& tenant, const Credentials& credentials);

}  // namespace vitrine::store
