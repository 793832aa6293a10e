#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

/// What a registration says whole and a change in part.
template <class Event>
Json facts_of(const Event& event) {
    Json json;
    put(json, "tenant", event.tenant);
    put(json, "name", event.name);
    put(json, "environment", event.environment);
    put(json, "domain", event.domain);
    put(json, "branding", event.branding);
    put(json, "locale", event.locale);
    put(json, "clubify_tenant_id", event.clubify_tenant_id);
    put(json, "clubify_organization_id", event.clubify_organization_id);
    return json;
}

template <class Event>
void get_facts(const Json& json, Event& event) {
    get(json, "tenant", event.tenant);
    get(json, "name", event.name);
    get(json, "environment", event.environment);
    get(json, "domain", event.domain);
    get(json, "branding", event.branding);
    get(json, "locale", event.locale);
    get(json, "clubify_tenant_id", event.clubify_tenant_id);
    get(json, "clubify_organization_id", event.clubify_organization_id);
}

Json to_json(const TenantRegistered& event) {
    auto json = facts_of(event);
    put(json, "webhooks", event.webhooks);
    return json;
}

void from_json(const Json& json, TenantRegistered& event) {
    get_facts(json, event);
    get(json, "webhooks", event.webhooks);
}

Json to_json(const TenantChanged& event) {
    auto json = facts_of(event);
    put(json, "credentials_replaced", event.credentials_replaced);
    put(json, "webhooks", event.webhooks);
    return json;
}

void from_json(const Json& json, TenantChanged& event) {
    get_facts(json, event);
    get(json, "credentials_replaced", event.credentials_replaced);
    get(json, "webhooks", event.webhooks);
}

Json to_json(const TenantRetired& event) {
    Json json;
    put(json, "tenant", event.tenant);
    put(json, "reason", event.reason);
    return json;
}

void from_json(const Json& json, TenantRetired& event) {
    get(json, "tenant", event.tenant);
    get(json, "reason", event.reason);
}

constexpr DecoderRow<TenantEvent> decoders[] = {
    {"TenantRegistered", decode_as<TenantEvent, TenantRegistered, from_json>},
    {"TenantChanged", decode_as<TenantEvent, TenantChanged, from_json>},
    {"TenantRetired", decode_as<TenantEvent, TenantRetired, from_json>},
};

constexpr std::string_view type_names[] = {"TenantRegistered", "TenantChanged", "TenantRetired"};

}  // namespace

const TenantId& operator_tenant() {
    static const TenantId id("_operator");
    return id;
}

StreamName tenant_stream(const TenantId& id) {
    return StreamName("tenant-" + id.str());
}

Encoded encode(const TenantEvent& event) {
    return encode_as(
        type_names[event.index()], std::visit([](const auto& e) { return to_json(e); }, event)
    );
}

std::optional<TenantEvent> decode_tenant_event(const RecordedEvent& event) {
    return decode_with<TenantEvent>(decoders, event);
}

}  // namespace vitrine::events
