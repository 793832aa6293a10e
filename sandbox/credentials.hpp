#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine::sandbox {

/// What the text of an API key says of itself.
struct ApiKey {
    enum class Scope { tenant, cross_tenant, organization };
    std::string mode;  // "test" or "live"
    Scope scope{};
};

/// clb_test_<32 hex>, clb_org|multi|tenant_test_<32 hex>, and the spellings org_live_…, ct_live_…,
/// tenant_live_….
std::optional<ApiKey> parse_api_key(std::string_view text);

std::string_view scope_name(ApiKey::Scope scope);

/// UUID v1–v5 or 24 hex digits.
bool is_tenant_id(std::string_view text);
/// 1–64 of [A-Za-z0-9_-]: the platform's own rule is not known.
bool is_organization_id(std::string_view text);

std::string lower_case(std::string_view text);

}  // namespace vitrine::sandbox
