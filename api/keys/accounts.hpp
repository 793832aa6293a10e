#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>

#include "gateways/clubify/account.hpp"
#include "gateways/pagarme/account.hpp"
#include "gateways/pagarme/credentials.hpp"
#include "net/client.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// The tenants' accounts on the platform and at Pagar.me, and what webhooks and hooks come in by,
/// unsealed once and kept in memory until a tenant changes.
///
/// Concurrency: any thread. A change counts from the first look-up after it.
class AccountCache {
public:
    /// `base`, `pagarme`: where the platform and Pagar.me are, for every tenant.
    AccountCache(store::Keys& keys, net::BaseUrl base, net::BaseUrl pagarme);

    std::optional<clubify::Account> find(const TenantId& tenant);

    /// nullopt: no such tenant, it has none, or it is retired.
    std::optional<std::string> webhook_secret(const TenantId& tenant);

    /// nullopt: no such tenant, or it has no key of Pagar.me.
    std::optional<pagarme::Account> find_pagarme(const TenantId& tenant);

    /// What the tenant's hooks of Pagar.me come in by. nullopt as find_pagarme, or it is retired.
    std::optional<pagarme::Credentials> hook_credentials(const TenantId& tenant);

    /// Where the tenant's payments are begun: a provider of the port of payments.
    std::string payments_provider(const TenantId& tenant);

private:
    struct Entry {
        clubify::Account account;
        std::string webhook_secret;
        std::optional<pagarme::Credentials> pagarme;
        bool is_retired = false;
    };

    std::optional<Entry> entry(const TenantId& tenant);
    std::optional<Entry> read(const TenantId& tenant);

    store::Keys& keys_;
    net::BaseUrl base_, pagarme_;
    std::shared_mutex mutex_;
    std::uint64_t revision_ = 0;  // of the keys, when the entries were read
    std::map<TenantId, Entry> entries_;
};

}  // namespace vitrine::api
