#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/keys.hpp"

namespace vitrine::store {

/// What a tenant must look like, but for what is JSON.
struct TenantFault {
    std::vector<std::string_view> members;  // that do not fit, or not together
    std::string detail;                     // a sentence; never the value of a secret
};

std::vector<TenantFault> tenant_faults(const Tenant& tenant, const Credentials& credentials);

/// Only of what is changed: what was taken before there was a rule against it does not stand in the
/// way of other changes.
std::vector<TenantFault> faults_of_change(
    const Tenant& before,
    const Credentials& credentials_before,
    const Tenant& tenant,
    const Credentials& credentials
);

/// All in one sentence; nullopt: there are none.
std::optional<std::string> sentence_of(const std::vector<TenantFault>& faults);

/// "test" or "live", as a key of the platform says; nullopt: it is none.
std::optional<std::string_view> environment_of_key(std::string_view clubify_api_key);

}  // namespace vitrine::store
