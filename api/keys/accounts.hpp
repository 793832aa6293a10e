#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>

#include "gateways/clubify/account.hpp"
#include "net/client.hpp"
#include "store/keys.hpp"

namespace vitrine::api {

/// The tenants' accounts on the platform and their webhook secrets, unsealed once and kept in
/// memory until a tenant changes.
///
/// Concurrency: any thread. A change counts from the first look-up after it.
class AccountCache {
public:
    /// `base`: where the platform is, for every tenant.
    AccountCache(store::Keys& keys, net::BaseUrl base);

    std::optional<clubify::Account> find(const TenantId& tenant);

    /// nullopt: no such tenant, it has none, or it is retired.
    std::optional<std::string> webhook_secret(const TenantId& tenant);

private:
    struct Entry {
        clubify::Account account;
        std::string webhook_secret;
    };

    std::optional<Entry> entry(const TenantId& tenant);
    std::optional<Entry> read(const TenantId& tenant);

    store::Keys& keys_;
    net::BaseUrl base_;
    std::shared_mutex mutex_;
    std::uint64_t revision_ = 0;  // of the keys, when the entries were read
    std::map<TenantId, Entry> entries_;
};

}  // namespace vitrine::api
