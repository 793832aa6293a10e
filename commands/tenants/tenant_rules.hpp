#pragma once

#include <optional>
#include <vector>

#include "core/member_fault.hpp"
#include "gateways/clubify/credentials.hpp"
#include "gateways/pagarme/credentials.hpp"
#include "store/keys.hpp"

namespace vitrine::commands {

/// What a tenant and its credentials must look like, but for what is JSON; in the order in which
/// they are given.
std::vector<MemberFault> tenant_faults(
    const store::Tenant& tenant, const clubify::Credentials& credentials
);

/// Only of what is changed: what was taken before there was a rule against it does not stand in the
/// way of other changes.
std::vector<MemberFault> faults_of_change(
    const store::Tenant& before,
    const clubify::Credentials& credentials_before,
    const store::Tenant& tenant,
    const clubify::Credentials& credentials
);

/// nullopt: no such tenant, or they were forgotten.
std::optional<clubify::Credentials> credentials_of(store::Keys& keys, const TenantId& tenant);

/// nullopt: it never had a key of Pagar.me, or they were forgotten.
std::optional<pagarme::Credentials> pagarme_credentials_of(
    store::Keys& keys, const TenantId& tenant
);

/// Where payments are begun: a provider of the port of payments.
std::string provider_of(const std::optional<pagarme::Credentials>& pagarme);

/// As the key file takes them.
store::Secrets secrets_of(const clubify::Credentials& credentials);

}  // namespace vitrine::commands
