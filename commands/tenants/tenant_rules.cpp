#include "commands/tenants/tenant_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "gateways/payments/payments.hpp"
#include "store/tenant_rules.hpp"

namespace vitrine::commands {
namespace {

/// Of the members, as they are told.
constexpr std::array<std::string_view, 13> order{
    "tenant",
    "clubify_api_key",
    "environment",
    "clubify_tenant_id",
    "clubify_organization_id",
    "name",
    "domain",
    "locale",
    "branding",
    "webhook_secret",
    "payments",
    "payments_key",
    "payments_hook",
};

auto place_of(const MemberFault& fault) {
    return std::ranges::find(order, fault.members.front());
}

std::vector<MemberFault> in_order(
    std::vector<MemberFault> of_tenant, std::vector<MemberFault> of_credentials
) {
    std::ranges::move(of_credentials, std::back_inserter(of_tenant));
    std::ranges::sort(of_tenant, {}, place_of);  // each has a place of its own
    return of_tenant;
}

}  // namespace

std::vector<MemberFault> tenant_faults(
    const store::Tenant& tenant, const clubify::Credentials& credentials
) {
    return in_order(
        store::tenant_faults(tenant), clubify::credential_faults(credentials, tenant.environment)
    );
}

std::vector<MemberFault> faults_of_change(
    const store::Tenant& before,
    const clubify::Credentials& credentials_before,
    const store::Tenant& tenant,
    const clubify::Credentials& credentials
) {
    const auto is_changed = [&](std::string_view member) {
        if (member == "environment") return tenant.environment != before.environment;
        if (member == "clubify_api_key")
            return credentials.clubify_api_key != credentials_before.clubify_api_key;
        if (member == "clubify_tenant_id")
            return credentials.clubify_tenant_id != credentials_before.clubify_tenant_id;
        if (member == "clubify_organization_id")
            return credentials.clubify_organization_id !=
                   credentials_before.clubify_organization_id;
        return credentials.webhook_secret != credentials_before.webhook_secret;
    };
    auto of_credentials = clubify::credential_faults(credentials, tenant.environment);
    std::erase_if(of_credentials, [&](const MemberFault& fault) {
        return std::ranges::none_of(fault.members, is_changed);
    });
    return in_order(store::faults_of_change(before, tenant), std::move(of_credentials));
}

std::optional<clubify::Credentials> credentials_of(store::Keys& keys, const TenantId& tenant) {
    const auto secret = keys.secret(tenant, clubify::connector);
    return secret ? std::optional(clubify::credentials_in(*secret)) : std::nullopt;
}

std::optional<pagarme::Credentials> pagarme_credentials_of(
    store::Keys& keys, const TenantId& tenant
) {
    const auto secret = keys.secret(tenant, pagarme::connector);
    return secret ? std::optional(pagarme::credentials_in(*secret)) : std::nullopt;
}

std::string provider_of(const std::optional<pagarme::Credentials>& pagarme) {
    return std::string(pagarme && pagarme->takes_payments ? payments::pagarme : payments::clubify);
}

store::Secrets secrets_of(const clubify::Credentials& credentials) {
    return {{clubify::connector, clubify::secret_of(credentials)}};
}

}  // namespace vitrine::commands
