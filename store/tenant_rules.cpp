#include "store/tenant_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/locale_name.hpp"
#include "core/text.hpp"
#include "core/web_address.hpp"

namespace vitrine::store {
namespace {

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_id_character(char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

bool is_tenant_id(std::string_view id) {
    return !id.empty() && id.size() <= 63 && is_lower_or_digit(id.front()) &&
           std::ranges::all_of(id, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// The platform's spellings: clb_, scoped (clb_org_, clb_multi_, clb_tenant_) and the older org_,
/// ct_, tenant_; then the mode, then the secret part, 32 hex digits where it starts with clb_.
std::optional<std::string_view> mode_of_key(std::string_view key) {
    constexpr std::array<std::string_view, 7> prefixes = {
        "clb_org_", "clb_multi_", "clb_tenant_", "clb_", "org_", "ct_", "tenant_"
    };
    for (const auto prefix : prefixes) {
        if (!key.starts_with(prefix)) continue;
        auto rest = key.substr(prefix.size());
        if (!rest.starts_with("test_") && !rest.starts_with("live_")) continue;
        const auto mode = rest.substr(0, 4);
        rest.remove_prefix(5);
        const bool fits =
            prefix.starts_with("clb_")
                ? rest.size() == 32 && is_hex(rest)
                : !rest.empty() && rest.size() <= 200 && std::ranges::all_of(rest, is_id_character);
        return fits ? std::optional(mode) : std::nullopt;
    }
    return std::nullopt;
}

bool is_clubify_tenant(std::string_view id) {
    if (id.size() == 24) return is_hex(id);
    if (id.size() != 36) return false;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? id[i] != '-' : !is_hex(id.substr(i, 1))) return false;
    }
    return true;
}

constexpr std::size_t longest_text = 255;
constexpr std::size_t longest_branding = 4096;
constexpr std::size_t longest_secret = 1024;

/// UTF-8 without control characters.
bool is_line(std::string_view text, std::size_t longest) {
    return text.size() <= longest && is_utf8(text) && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

/// It goes to the platform as a header.
bool is_organization(std::string_view id) {
    return id.size() <= longest_text && std::ranges::all_of(id, [](char c) {
               return is_id_character(c) || c == '.' || c == ':';
           });
}

void check_environment(
    const Tenant& tenant, const Credentials& credentials, std::vector<TenantFault>& faults
) {
    const auto mode = mode_of_key(credentials.clubify_api_key);
    // Without the key itself: these sentences go to terminals and logs.
    if (!mode) {
        faults.push_back(
            {{"clubify_api_key"},
             "this is no Clubify API key: clb_test_ or clb_live_ and 32 hex digits are expected"}
        );
    }
    if (tenant.environment != "test" && tenant.environment != "live") {
        faults.push_back({{"environment"}, "the environment is test or live"});
    } else if (mode && *mode != tenant.environment) {
        faults.push_back(
            {{"clubify_api_key", "environment"},
             "the Clubify API key is one for " + std::string(*mode) + ", the environment is " +
                 tenant.environment}
        );
    }
}

}  // namespace

std::vector<TenantFault> tenant_faults(const Tenant& tenant, const Credentials& credentials) {
    std::vector<TenantFault> faults;
    const auto require = [&faults](bool fits, std::string_view member, std::string detail) {
        if (!fits) faults.push_back({{member}, std::move(detail)});
    };
    require(
        is_tenant_id(tenant.id.view()),
        "tenant",
        "a tenant's name is 1 to 63 of a-z, 0-9 and -, and does not begin with -"
    );
    check_environment(tenant, credentials, faults);
    require(
        is_clubify_tenant(credentials.clubify_tenant_id),
        "clubify_tenant_id",
        "the Clubify tenant id is a UUID or 24 hex digits"
    );
    require(
        is_organization(credentials.clubify_organization_id),
        "clubify_organization_id",
        "the Clubify organization id is at most 255 letters, digits, and -_.:"
    );
    require(
        is_line(tenant.name, longest_text),
        "name",
        "a tenant's name for people is one line of at most 255 bytes"
    );
    require(
        tenant.domain.empty() || is_host_name(tenant.domain),
        "domain",
        "the domain is a host name such as loja.example"
    );
    require(
        is_known_locale(tenant.locale), "locale", "the locale is one that is known, such as pt_BR"
    );
    require(
        tenant.branding.text.size() <= longest_branding,
        "branding",
        "the branding is a JSON object of at most 4096 bytes"
    );
    require(
        is_line(credentials.webhook_secret, longest_secret),
        "webhook_secret",
        "the webhook secret is one line of at most 1024 bytes"
    );
    return faults;
}

std::vector<TenantFault> faults_of_change(
    const Tenant& before,
    const Credentials& credentials_before,
    const Tenant& tenant,
    const Credentials& credentials
) {
    const auto is_changed = [&](std::string_view member) {
        if (member == "environment") return tenant.environment != before.environment;
        if (member == "name") return tenant.name != before.name;
        if (member == "domain") return tenant.domain != before.domain;
        if (member == "locale") return tenant.locale != before.locale;
        if (member == "branding") return tenant.branding != before.branding;
        if (member == "clubify_api_key")
            return credentials.clubify_api_key != credentials_before.clubify_api_key;
        if (member == "clubify_tenant_id")
            return credentials.clubify_tenant_id != credentials_before.clubify_tenant_id;
        if (member == "clubify_organization_id")
            return credentials.clubify_organization_id !=
                   credentials_before.clubify_organization_id;
        return credentials.webhook_secret != credentials_before.webhook_secret;
    };
    auto faults = tenant_faults(tenant, credentials);
    std::erase_if(faults, [&](const TenantFault& fault) {
        return std::ranges::none_of(fault.members, is_changed);
    });
    return faults;
}

std::optional<std::string> sentence_of(const std::vector<TenantFault>& faults) {
    std::string sentence;
    for (const auto& fault : faults) sentence += (sentence.empty() ? "" : "; ") + fault.detail;
    return sentence.empty() ? std::nullopt : std::optional(sentence);
}

std::optional<std::string_view> environment_of_key(std::string_view clubify_api_key) {
    return mode_of_key(clubify_api_key);
}

}  // namespace vitrine::store
