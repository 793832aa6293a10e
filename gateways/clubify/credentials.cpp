#include "gateways/clubify/credentials.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/json_append.hpp"
#include "core/text.hpp"

namespace vitrine::clubify {
namespace {

constexpr std::size_t longest_text = 255;
constexpr std::size_t longest_secret = 1024;

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
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

/// It goes to the platform as a header.
bool is_organization(std::string_view id) {
    return id.size() <= longest_text && std::ranges::all_of(id, [](char c) {
               return is_id_character(c) || c == '.' || c == ':';
           });
}

}  // namespace

JsonText secret_of(const Credentials& credentials) {
    std::string json = "{";
    append_text(json, "api_key", credentials.clubify_api_key);
    append_text(json, "tenant_id", credentials.clubify_tenant_id);
    append_text(json, "organization_id", credentials.clubify_organization_id);
    append_text(json, "webhook_secret", credentials.webhook_secret);
    return JsonText(json + '}');
}

Credentials credentials_in(const JsonText& secret) {
    try {
        const auto json = nlohmann::json::parse(secret.text);
        return {
            json.at("api_key").get<std::string>(),
            json.at("tenant_id").get<std::string>(),
            json.at("organization_id").get<std::string>(),
            json.at("webhook_secret").get<std::string>(),
        };
    } catch (const nlohmann::json::exception&) {
        // Without its words, which may quote what they are about.
        throw std::runtime_error("the credentials for Clubify are not what this program wrote");
    }
}

std::vector<MemberFault> credential_faults(
    const Credentials& credentials, std::string_view environment
) {
    std::vector<MemberFault> faults;
    const auto require = [&faults](bool fits, std::string_view member, std::string detail) {
        if (!fits) faults.push_back({{member}, std::move(detail)});
    };
    const auto mode = environment_of_key(credentials.clubify_api_key);
    // Without the key itself: these sentences go to terminals and logs.
    require(
        mode.has_value(),
        "clubify_api_key",
        "this is no Clubify API key: clb_test_ or clb_live_ and 32 hex digits are expected"
    );
    if (mode && *mode != environment && (environment == "test" || environment == "live")) {
        faults.push_back(
            {{"clubify_api_key", "environment"},
             "the Clubify API key is one for " + std::string(*mode) + ", the environment is " +
                 std::string(environment)}
        );
    }
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
        is_line(credentials.webhook_secret, longest_secret),
        "webhook_secret",
        "the webhook secret is one line of at most 1024 bytes"
    );
    return faults;
}

/// The platform's spellings: clb_, scoped (clb_org_, clb_multi_, clb_tenant_) and the older org_,
/// ct_, tenant_; then the mode, then the secret part, 32 hex digits where it starts with clb_.
std::optional<std::string_view> environment_of_key(std::string_view key) {
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

}  // namespace vitrine::clubify
