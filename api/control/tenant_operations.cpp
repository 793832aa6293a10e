#include "api/control/tenant_operations.hpp"

#include "commands/tenants/tenant_rules.hpp"
#include "core/time.hpp"
#include "events/codec.hpp"

namespace vitrine::api {
namespace {

/// The branding as it is kept; {} for none is as it was given.
JsonText branding_of(const Work& work) {
    const auto found = work.arguments.find("branding");
    return found == work.arguments.end() ? JsonText() : JsonText(found->dump());
}

Json time_or_null(const std::optional<Timestamp>& time) {
    return time ? Json(format_time(*time)) : Json(nullptr);
}

Json to_json(const store::Tenant& tenant) {
    Json json;
    json["tenant"] = tenant.id.str();
    json["name"] = tenant.name;
    json["environment"] = tenant.environment;
    json["domain"] = tenant.domain;
    json["branding"] = tenant.branding.empty() ? Json::object() : Json::parse(tenant.branding.text);
    json["locale"] = tenant.locale;
    json["created_at"] = format_time(tenant.created_at);
    json["retired_at"] = time_or_null(tenant.retired_at);
    if (tenant.retired_for) json["reason"] = *tenant.retired_for;
    return json;
}

/// The members that an event has besides the tenant.
Json changed_members(const commands::TenantEvents& events) {
    auto names = Json::array();
    for (const auto& event : events) {
        const auto data = Json::parse(events::encode(event).data);
        for (const auto& [name, value] : data.items()) {
            if (name != "tenant") names.push_back(name);
        }
    }
    return names;
}

}  // namespace

Outcome tenant_add(const Work& work) {
    commands::TenantAddition addition;
    auto& tenant = addition.tenant;
    tenant.id = TenantId(work.text("tenant"));
    tenant.name = work.text("name");
    tenant.environment = work.text("environment");
    tenant.changed_by = work.actor;
    tenant.domain = work.text("domain");
    if (const auto branding = branding_of(work); branding.text != "{}") tenant.branding = branding;
    tenant.locale = work.text("locale");
    tenant.created_at = work.now();
    addition.credentials = {
        work.text("clubify_api_key"),
        work.text("clubify_tenant_id"),
        work.text("clubify_organization_id"),
        work.text("webhook_secret")
    };
    auto key = work.administration.tenants().add(addition);
    if (!key) return fault(std::move(key).error());
    Json json;
    json["tenant"] = tenant.id.str();
    json["api_key"] = *key;
    return json;
}

Outcome tenant_show(const Work& work) {
    const TenantId id(work.text("tenant"));
    const auto tenant = work.keys().find_tenant(id);
    if (!tenant) return no_tenant(id.str());
    auto json = to_json(*tenant);
    const auto credentials = commands::credentials_of(work.keys(), id);
    if (credentials) {
        json["clubify_tenant_id"] = credentials->clubify_tenant_id;
        json["clubify_organization_id"] = credentials->clubify_organization_id;
    }
    json["credentials"] = credentials ? "kept" : "forgotten";
    json["credentials_replaced"] = tenant->credentials_replaced;
    json["payments"] = commands::provider_of(commands::pagarme_credentials_of(work.keys(), id));
    json["webhooks"] = credentials && !credentials->webhook_secret.empty() && !tenant->retired_at;
    json["keys"] = std::ranges::count_if(
        work.keys().api_keys(id),
        [now = work.now()](const store::ApiKey& key) { return key.works(now); }
    );
    json["version"] = work.administration.tenants().state(id).version;
    return json;
}

Outcome tenant_list(const Work& work) {
    auto list = Json::array();
    for (const auto& tenant : work.keys().tenants()) list.push_back(to_json(tenant));
    return list;
}

Outcome tenant_change(const Work& work) {
    const TenantId id(work.text("tenant"));
    commands::TenantRevision revision;
    auto& change = revision.change;
    change.name = work.given("name");
    change.environment = work.given("environment");
    change.domain = work.given("domain");
    change.branding = branding_of(work);
    change.locale = work.given("locale");
    change.clubify_tenant_id = work.given("clubify_tenant_id");
    change.clubify_organization_id = work.given("clubify_organization_id");
    revision.clubify_api_key = work.given("clubify_api_key");
    revision.webhook_secret = work.given("webhook_secret");
    change.payments = work.given("payments");
    revision.payments_key = work.given("payments_key");
    revision.payments_hook = work.given("payments_hook");
    revision.by = work.actor;
    auto outcome = work.administration.tenants().change(id, revision);
    if (!outcome) return fault(std::move(outcome).error());
    Json json;
    json["tenant"] = id.str();
    json["changed"] = changed_members(outcome->events);
    if (outcome->position != 0) json["position"] = outcome->position;
    return json;
}

Outcome tenant_retire(const Work& work) {
    const TenantId id(work.text("tenant"));
    if (work.text("confirm") != id.str())
        return fault("--confirm does not say which tenant ends: " + id.str());
    auto outcome = work.administration.tenants().retire(id, {work.given("reason")}, work.actor);
    if (!outcome) return fault(std::move(outcome).error());
    Json json;
    json["tenant"] = id.str();
    json["retired_at"] = format_time(work.keys().find_tenant(id)->retired_at.value());
    if (outcome->position != 0) json["position"] = outcome->position;
    return json;
}

Outcome tenant_withdraw(const Work& work) {
    auto withdrawn = work.administration.tenants().withdraw(
        TenantId(work.text("tenant")), work.text("first_key"), work.actor
    );
    if (!withdrawn) return fault(std::move(withdrawn).error());
    Json json;
    json["withdrawn"] = *withdrawn;
    return json;
}

Outcome key_add(const Work& work) {
    const TenantId tenant(work.text("tenant"));
    const auto role = store::parse_role(work.text("role"));
    if (!role) return fault("a role is reader, operator or admin");
    store::KeyRequest request{.role = *role, .label = work.text("label"), .by = work.actor};
    if (const auto expires_at = work.given("expires_at")) {
        request.expires_at = parse_time(*expires_at);
        if (!request.expires_at) return fault("expires_at: no time such as 2026-03-01T12:00:00Z");
    }
    auto key = work.administration.tenants().add_key(tenant, request);
    if (!key) return fault(std::move(key).error());
    Json json;
    json["tenant"] = tenant.str();
    json["role"] = store::role_name(*role);
    if (!request.label.empty()) json["label"] = request.label;
    if (request.expires_at) json["expires_at"] = format_time(*request.expires_at);
    json["api_key"] = *key;
    return json;
}

Outcome key_list(const Work& work) {
    const TenantId tenant(work.text("tenant"));
    if (!work.keys().find_tenant(tenant)) return no_tenant(tenant.str());
    auto list = Json::array();
    const auto now = work.now();
    for (const auto& key : work.keys().api_keys(tenant)) {
        Json json;
        json["prefix"] = key.prefix;
        json["role"] = store::role_name(key.role);
        json["label"] = key.label;
        json["created_at"] = format_time(key.created_at);
        json["last_used_at"] = time_or_null(key.last_used_at);
        json["expires_at"] = time_or_null(key.expires_at);
        json["expired"] = key.has_expired(now);
        json["revoked"] = key.revoked;
        json["shown"] = key.shown;
        list.push_back(std::move(json));
    }
    return list;
}

Outcome key_shown(const Work& work) {
    const auto noted = work.keys().note_shown(TenantId(work.text("tenant")), work.text("prefix"));
    if (!noted) return fault(noted.error());
    return Json::object();
}

Outcome key_revoke(const Work& work) {
    const TenantId tenant(work.text("tenant"));
    const auto prefix = work.text("prefix");
    const auto revoked = work.administration.tenants().revoke_key(tenant, prefix, work.actor);
    if (!revoked) return fault(revoked.error());
    Json json;
    json["tenant"] = tenant.str();
    json["revoked"] = prefix;
    if (revoked->was_last_of_role) json["last_of_role"] = store::role_name(revoked->role);
    return json;
}

Outcome master_key_change(const Work& work) {
    auto place = work.administration.change_master_key(work.given("new_master_key"), work.actor);
    if (!place) return fault(std::move(place).error());
    if (const auto told = work.administration.tenants().tell_of_master_key(); !told) {
        return fault(
            "the master key was changed, but the log could not be told (" + told.error() +
            "); it will be at the next start"
        );
    }
    Json json;
    json["master_key"] = *place;
    return json;
}

}  // namespace vitrine::api
