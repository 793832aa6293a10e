#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "net/client.hpp"

namespace vitrine::clubify {

/// Whose name we call in. Secret: never logged, never stored in the clear.
struct Account {
    TenantId tenant;        // ours; calls of different tenants share no connection and no token
    net::BaseUrl base;      // ".../api/v1"
    std::string api_key;    // clb_(test|live)_<32 hex>
    std::string tenant_id;  // X-Tenant-Id
    std::string organization_id;  // X-Organization-Id; empty: not sent
    /// What the platform is told of the tenant with all that is created or edited for it:
    /// {"domain","branding","locale"}. No secret.
    JsonText context = {};
};

/// The account of a tenant as it is configured now; nullopt: no such tenant. Any thread.
using Accounts = std::function<std::optional<Account>(const TenantId&)>;

}  // namespace vitrine::clubify
