#pragma once

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>

#include "gateways/clubify/account.hpp"
#include "net/client.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// The tenants' accounts on the platform and their webhook secrets, unsealed once and kept in
/// memory.
///
/// Concurrency: any thread. A tenant's credentials do not change while the server runs; a new
/// tenant is found at its first request.
class AccountCache {
public:
    /// `base`: where the platform is, for every tenant.
    AccountCache(store::Keys& keys, net::BaseUrl base);

    std::optional<clubify::Account> find(const TenantId& tenant);

    /// nullopt: no such tenant, or it has none.
    std::optional<std::string> webhook_secret(const TenantId& tenant);

private:
    struct Entry {
        clubify::Account account;
        std::string webhook_secret;
    };

    std::optional<Entry> entry(const TenantId& tenant);

    store::Keys& keys_;
    net::BaseUrl base_;
    std::shared_mutex mutex_;
    std::map<TenantId, Entry> entries_;
};

}  // namespace vitrine::api
