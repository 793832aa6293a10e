#include "sandbox/auth.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/credentials.hpp"
#include "sandbox/fields.hpp"

namespace vitrine::sandbox {
namespace {

std::string header_of(const net::Request& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
}

Result token_reply(Call& call, Grant grant) {
    const auto pair = call.world.tokens.issue(grant, call.now());
    constexpr auto seconds = Tokens::lifetime.count();
    auto body = Json::object();
    body["access_token"] = pair.access;
    body["accessToken"] = pair.access;
    body["refresh_token"] = pair.refresh;
    body["refreshToken"] = pair.refresh;
    body["expires_in"] = seconds;
    body["expiresIn"] = seconds;
    body["token_type"] = "Bearer";
    body["scope"] = grant.scope;
    body["permissions"] = Json::array();
    body["environment"] = grant.mode;
    if (!grant.tenant.empty()) body["tenant_id"] = grant.tenant;
    if (!grant.organization.empty()) body["organization_id"] = grant.organization;
    if (!grant.tenants.empty()) body["accessible_tenants"] = grant.tenants;
    return Reply{200, body.dump()};
}

std::expected<ApiKey, Refusal> key_in(const Json& body, std::string_view name) {
    if (auto key = parse_api_key(text_of(body, name))) return *std::move(key);
    return std::unexpected(unauthorized("Invalid API key"));
}

/// A wrong `grant_type` is the caller's mistake, not a bad credential.
std::expected<void, Refusal> check_grant_type(const Json& body, std::string_view wanted) {
    const auto* given = member(body, "grant_type");
    if (!given || text_of(body, "grant_type") == wanted) return {};
    FieldErrors errors;
    errors.push_back({"grant_type", "grant_type must be " + std::string(wanted), "enum"});
    return std::unexpected(bad_fields(std::move(errors)));
}

Result tenant_token(Call& call) {
    const auto key = key_in(call.body, "api_key");
    if (!key) return std::unexpected(key.error());
    const auto tenant = text_of(call.body, "tenant_id");
    if (!is_tenant_id(tenant)) return std::unexpected(unauthorized("Invalid tenant id"));
    if (auto right = check_grant_type(call.body, "api_key"); !right) {
        return std::unexpected(right.error());
    }
    Grant grant{.mode = key->mode, .scope = "tenant", .tenant = lower_case(tenant)};
    grant.organization = header_of(call.request, "X-Organization-Id");
    return token_reply(call, std::move(grant));
}

/// The tenants that the body of the second shape allows; empty for the first.
std::expected<std::vector<std::string>, Refusal> allowed_tenants(const Json& body) {
    std::vector<std::string> tenants;
    const auto* list = member(body, "allowed_tenant_ids");
    if (!list || !list->is_array()) return tenants;
    for (const auto& each : *list) {
        if (!each.is_string() || !is_tenant_id(each.get_ref<const std::string&>())) {
            return std::unexpected(unauthorized("Invalid tenant id"));
        }
        tenants.push_back(lower_case(each.get_ref<const std::string&>()));
    }
    return tenants;
}

Result organization_token(Call& call) {
    const auto key = key_in(call.body, "api_key");
    if (!key) return std::unexpected(key.error());
    const auto organization = text_of(call.body, "organization_id");
    if (!is_organization_id(organization)) {
        return std::unexpected(unauthorized("Invalid organization id"));
    }
    if (auto right = check_grant_type(call.body, "organization_api_key"); !right) {
        return std::unexpected(right.error());
    }
    auto allowed = allowed_tenants(call.body);
    if (!allowed) return std::unexpected(allowed.error());
    Grant grant{.mode = key->mode};
    grant.organization = organization;
    const auto tenant = text_of(call.body, "tenant_id");
    const bool narrowed = !tenant.empty();
    if (narrowed && !is_tenant_id(tenant)) {
        return std::unexpected(unauthorized("Invalid tenant id"));
    }
    grant.tenant = lower_case(tenant);
    grant.scope = lower_case(text_of(call.body, "scope"));
    if (narrowed) {
        grant.scope = "tenant";
    } else if (grant.scope != "organization" && grant.scope != "cross_tenant") {
        grant.scope = allowed->empty() && key->scope != ApiKey::Scope::cross_tenant
                          ? "organization"
                          : "cross_tenant";
    }
    grant.tenants = std::move(*allowed);
    if (grant.tenants.empty()) grant.tenants.emplace_back(narrowed ? grant.tenant : "*");
    return token_reply(call, std::move(grant));
}

Result refresh(Call& call) {
    auto token = text_of(call.body, "refreshToken");
    if (token.empty() && !call.world.strict) token = text_of(call.body, "refresh_token");
    auto grant = call.world.tokens.redeem(token, call.now());
    if (!grant) return std::unexpected(unauthorized("Invalid refresh token"));
    return token_reply(call, std::move(*grant));
}

/// What the SDK asks when the exchange failed. A key says nothing of its tenant, so that is the
/// header's.
Result validate_key(Call& call) {
    const auto key = key_in(call.body, "apiKey");
    if (!key) {
        auto refusal = key.error();
        refusal.extras.emplace_back("isValid", JsonText("false"));
        return std::unexpected(std::move(refusal));
    }
    const auto tenant = lower_case(header_of(call.request, "X-Tenant-Id"));
    auto body = Json::object();
    body["isValid"] = true;
    body["tenantId"] = is_tenant_id(tenant) ? Json(tenant) : Json();
    body["environment"] = key->mode;
    body["scope"] = scope_name(key->scope);
    return Reply{200, body.dump()};
}

Result who_am_i(Call& call) {
    const auto& grant = call.grant;
    auto body = Json::object();
    body["id"] = grant.tenant.empty() ? grant.organization : grant.tenant;
    body["tenantId"] = grant.tenant;
    body["organizationId"] = grant.organization;
    body["scope"] = grant.scope;
    body["environment"] = grant.mode;
    body["roles"] = Json::array({"api"});
    body["permissions"] = Json::array();
    return Reply{200, body.dump()};
}

Result health(Call& /*call*/) {
    return Reply{
        200,
        R"({"status":"ok","info":{"mongodb":{"status":"up"}},"error":{},)"
        R"("details":{"mongodb":{"status":"up"}}})"
    };
}

constexpr std::array of_auth{
    Route{"POST", "/auth/api-key/token", tenant_token, Access::open},
    Route{"POST", "/auth/api-key/organization/token", organization_token, Access::open},
    Route{"POST", "/auth/organization", organization_token, Access::open, true},
    Route{"POST", "/auth/refresh", refresh, Access::open},
    Route{"POST", "/api-keys/public/validate", validate_key, Access::open},
    Route{"GET", "/auth/me", who_am_i, Access::member},
};

constexpr std::array of_health{
    Route{"GET", "/health", health, Access::open},
    Route{"GET", "/orders/health", health, Access::open},
    Route{"GET", "/notifications/health", health, Access::open},
};

}  // namespace

std::span<const Route> auth_routes() {
    return of_auth;
}
std::span<const Route> health_routes() {
    return of_health;
}

bool is_auth_path(std::span<const std::string> segments) {
    if (segments.empty()) return false;
    if (segments[0] == "auth") return true;
    return segments.size() > 2 && segments[0] == "api-keys" && segments[1] == "public";
}

std::expected<Grant, Refusal> authenticate(World& world, const net::Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const auto value = request.headers.find("Authorization").value_or("");
    if (lower_case(value.substr(0, scheme.size())) != scheme) {
        return std::unexpected(unauthorized("Missing access token"));
    }
    const auto* known = world.tokens.check(value.substr(scheme.size()), world.clock.now());
    if (!known) return std::unexpected(unauthorized("Invalid or expired token"));
    Grant grant = *known;
    if (const auto organization = header_of(request, "X-Organization-Id");
        !organization.empty() && !grant.organization.empty() &&
        organization != grant.organization) {
        return std::unexpected(forbidden("The token is not for this organization"));
    }
    if (const auto tenant = lower_case(header_of(request, "X-Tenant-Id")); !tenant.empty()) {
        if (!is_tenant_id(tenant) || !grant.may_use(tenant)) {
            return std::unexpected(forbidden("The token is not for this tenant"));
        }
        grant.tenant = tenant;
    }
    return grant;
}

}  // namespace vitrine::sandbox
