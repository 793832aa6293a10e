#include "store/tenant_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vitrine::store {
namespace {

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
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
bool is_clubify_key(std::string_view key) {
    constexpr std::array<std::string_view, 7> prefixes = {
        "clb_org_", "clb_multi_", "clb_tenant_", "clb_", "org_", "ct_", "tenant_"
    };
    for (const auto prefix : prefixes) {
        if (!key.starts_with(prefix)) continue;
        auto rest = key.substr(prefix.size());
        if (!rest.starts_with("test_") && !rest.starts_with("live_")) continue;
        rest.remove_prefix(5);
        if (prefix.starts_with("clb_")) return rest.size() == 32 && is_hex(rest);
        return !rest.empty() && rest.size() <= 200 && std::ranges::all_of(rest, [](char c) {
            return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
        });
    }
    return false;
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

/// No control characters; UTF-8 passes as it is.
bool is_line(std::string_view text, std::size_t longest) {
    return text.size() <= longest && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

bool is_locale(std::string_view text) {
    return text.size() >= 2 && text.size() <= 35 && std::ranges::all_of(text, [](char c) {
               return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
           });
}

}  // namespace

std::expected<void, std::string> check_tenant(
    const Tenant& tenant, const Credentials& credentials
) {
    if (!is_tenant_id(tenant.id.view())) {
        return std::unexpected(
            "a tenant's name is 1 to 63 of a-z, 0-9 and -, and does not begin with -"
        );
    }
    if (tenant.environment != "test" && tenant.environment != "live") {
        return std::unexpected("the environment is test or live");
    }
    if (!is_clubify_key(credentials.clubify_api_key)) {
        // Without the key itself: this sentence goes to terminals and logs.
        return std::unexpected(
            "this is no Clubify API key: clb_test_ or clb_live_ and 32 hex digits are expected"
        );
    }
    if (!is_clubify_tenant(credentials.clubify_tenant_id)) {
        return std::unexpected("the Clubify tenant id is a UUID or 24 hex digits");
    }
    if (!is_line(tenant.name, longest_text)) {
        return std::unexpected("a tenant's name for people is one line of at most 255 bytes");
    }
    if (!is_line(tenant.domain, longest_text) || tenant.domain.contains(' ')) {
        return std::unexpected("the domain is at most 255 bytes, without blanks");
    }
    if (!is_locale(tenant.locale)) return std::unexpected("the locale is one such as pt_BR");
    if (tenant.branding.text.size() > longest_branding) {
        return std::unexpected("the branding is a JSON object of at most 4096 bytes");
    }
    if (!is_line(credentials.clubify_organization_id, longest_text)) {
        return std::unexpected("the Clubify organization id is at most 255 bytes");
    }
    if (!is_line(credentials.webhook_secret, longest_secret)) {
        return std::unexpected("the webhook secret is one line of at most 1024 bytes");
    }
    return {};
}

}  // namespace vitrine::store
