#include "api/service/accounts.hpp"

#include <mutex>

namespace vitrine::api {

AccountCache::AccountCache(store::Keys& keys, net::BaseUrl base)
    : keys_(keys), base_(std::move(base)) {}

std::optional<clubify::Account> AccountCache::find(const TenantId& tenant) {
    auto found = entry(tenant);
    if (!found) return std::nullopt;
    return std::move(found->account);
}

std::optional<std::string> AccountCache::webhook_secret(const TenantId& tenant) {
    auto found = entry(tenant);
    if (!found || found->webhook_secret.empty()) return std::nullopt;
    return std::move(found->webhook_secret);
}

std::optional<AccountCache::Entry> AccountCache::entry(const TenantId& tenant) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = entries_.find(tenant); found != entries_.end()) return found->second;
    }
    const auto credentials = keys_.credentials(tenant);
    if (!credentials) return std::nullopt;
    Entry entry;
    entry.account.tenant = tenant;
    entry.account.base = base_;
    entry.account.api_key = credentials->clubify_api_key;
    entry.account.tenant_id = credentials->clubify_tenant_id;
    entry.account.organization_id = credentials->clubify_organization_id;
    entry.webhook_secret = credentials->webhook_secret;
    const std::unique_lock lock(mutex_);
    return entries_.try_emplace(tenant, std::move(entry)).first->second;
}

}  // namespace vitrine::api
