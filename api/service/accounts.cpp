#include "api/service/accounts.hpp"

#include <mutex>

namespace vitrine::api {

AccountCache::AccountCache(store::Keys& keys, net::BaseUrl base)
    : keys_(keys), base_(std::move(base)) {}

std::optional<clubify::Account> AccountCache::find(const TenantId& tenant) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = accounts_.find(tenant); found != accounts_.end())
            return found->second;
    }
    const auto credentials = keys_.credentials(tenant);
    if (!credentials) return std::nullopt;
    clubify::Account account;
    account.tenant = tenant;
    account.base = base_;
    account.api_key = credentials->clubify_api_key;
    account.tenant_id = credentials->clubify_tenant_id;
    account.organization_id = credentials->clubify_organization_id;
    const std::unique_lock lock(mutex_);
    return accounts_.try_emplace(tenant, std::move(account)).first->second;
}

}  // namespace vitrine::api
