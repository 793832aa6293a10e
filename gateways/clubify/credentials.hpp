#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_text.hpp"
#include "core/member_fault.hpp"

namespace vitrine::clubify {

/// The name under which a tenant's secret for the platform is kept.
inline const std::string connector = "clubify";

/// What that secret holds.
struct Credentials {
    std::string clubify_api_key;
    std::string clubify_tenant_id;
    std::string clubify_organization_id;  // may be empty
    std::string webhook_secret;           // may be empty
    bool operator==(const Credentials&) const = default;
};

JsonText secret_of(const Credentials& credentials);
/// Throws std::runtime_error if it is not what secret_of writes.
Credentials credentials_in(const JsonText& secret);

/// What the platform would not take, in a tenant of this environment ("test", "live").
std::vector<MemberFault> credential_faults(
    const Credentials& credentials, std::string_view environment
);

/// "test" or "live", as a key of the platform says; nullopt: it is none.
std::optional<std::string_view> environment_of_key(std::string_view api_key);

}  // namespace vitrine::clubify
