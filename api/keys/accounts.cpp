#include "api/keys/accounts.hpp"

#include <mutex>
#include <nlohmann/json.hpp>

#include "commands/tenants/tenant_rules.hpp"

namespace vitrine::api {
namespace {

JsonText context_of(const store::Tenant& tenant) {
    nlohmann::ordered_json json;
    if (!tenant.domain.empty()) json["domain"] = tenant.domain;
    if (!tenant.branding.empty()) {
        json["branding"] = nlohmann::ordered_json::parse(tenant.branding.text);
    }
    json["locale"] = tenant.locale;
    return JsonText(json.dump());
}

}  // namespace

AccountCache::AccountCache(store::Keys& keys, net::BaseUrl base, net::BaseUrl pagarme)
    : keys_(keys), base_(std::move(base)), pagarme_(std::move(pagarme)) {}

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

std::optional<pagarme::Account> AccountCache::find_pagarme(const TenantId& tenant) {
    const auto found = entry(tenant);
    if (!found || !found->pagarme) return std::nullopt;
    return pagarme::Account{tenant, pagarme_, found->pagarme->secret_key};
}

std::optional<pagarme::Credentials> AccountCache::hook_credentials(const TenantId& tenant) {
    auto found = entry(tenant);
    if (!found || found->is_retired) return std::nullopt;
    return std::move(found->pagarme);
}

std::string AccountCache::payments_provider(const TenantId& tenant) {
    const auto found = entry(tenant);
    return commands::provider_of(found ? found->pagarme : std::nullopt);
}

std::optional<AccountCache::Entry> AccountCache::entry(const TenantId& tenant) {
    const auto revision = keys_.revision();
    {
        const std::shared_lock lock(mutex_);
        const auto found = entries_.find(tenant);
        if (revision == revision_ && found != entries_.end()) return found->second;
    }
    auto entry = read(tenant);
    if (!entry) return std::nullopt;
    const std::unique_lock lock(mutex_);
    if (revision > revision_) {
        entries_.clear();
        revision_ = revision;
    }
    // One that was read before a change which others know already is not kept.
    if (revision == revision_) entries_.insert_or_assign(tenant, *entry);
    return entry;
}

std::optional<AccountCache::Entry> AccountCache::read(const TenantId& id) {
    const auto tenant = keys_.find_tenant(id);
    const auto credentials = commands::credentials_of(keys_, id);
    if (!tenant || !credentials) return std::nullopt;
    Entry entry;
    entry.account.tenant = id;
    entry.account.base = base_;
    entry.account.api_key = credentials->clubify_api_key;
    entry.account.tenant_id = credentials->clubify_tenant_id;
    entry.account.organization_id = credentials->clubify_organization_id;
    entry.account.context = context_of(*tenant);
    if (!tenant->retired_at) entry.webhook_secret = credentials->webhook_secret;
    entry.pagarme = commands::pagarme_credentials_of(keys_, id);
    entry.is_retired = tenant->retired_at.has_value();
    return entry;
}

}  // namespace vitrine::api
