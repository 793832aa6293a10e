#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "net/client.hpp"

namespace vitrine::pagarme {

/// Whose charges they are. Secret: never logged, never stored in the clear.
struct Account {
    TenantId tenant;
    net::BaseUrl base;       // ".../core/v5"
    std::string secret_key;  // sk_…
};

/// The account of a tenant as it is configured now; nullopt: it has none. Any thread.
using Accounts = std::function<std::optional<Account>(const TenantId&)>;

}  // namespace vitrine::pagarme
