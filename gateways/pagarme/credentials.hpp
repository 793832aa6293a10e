#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_text.hpp"
#include "core/member_fault.hpp"

namespace vitrine::pagarme {

/// The name under which a tenant's secret for Pagar.me is kept.
inline const std::string connector = "pagarme";

/// What that secret holds.
struct Credentials {
    bool takes_payments = false;  // those that are begun now; those that were begun there stay
    std::string secret_key;
    std::string hook_user, hook_password;  // by which hooks come in
    bool operator==(const Credentials&) const = default;
};

JsonText secret_of(const Credentials& credentials);
/// Throws std::runtime_error if it is not what secret_of writes.
Credentials credentials_in(const JsonText& secret);

/// "USER:PASSWORD" as what a hook comes in by; nullopt: it is none.
std::optional<std::pair<std::string, std::string>> hook_in(std::string_view text);

/// What could not be a key, or what hooks come in by.
std::vector<MemberFault> key_faults(std::string_view secret_key);
std::vector<MemberFault> hook_faults(std::string_view hook);

/// Whether the value of the header Authorization is that of the tenant's hooks: Basic with the user
/// and password that were given for them; where none were, with the secret key as the user and no
/// password, as Pagar.me itself is called.
bool is_hook_of(const Credentials& credentials, std::string_view authorization);

}  // namespace vitrine::pagarme
