#include <array>
#include <nlohmann/json.hpp>

#include "net/client.hpp"
#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/sales_routes.hpp"
#include "sandbox/webhook_target.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::array<std::string_view, 9> attested{
    "tenantId",
    "name",
    "description",
    "isActive",
    "endpoints",
    "defaultTimeout",
    "defaultMaxRetries",
    "signatureAlgorithm",
    "verifySSL"
};
constexpr std::array<Alias, 5> aliases{{
    {"is_active", "isActive"},
    {"active", "isActive"},
    {"enabled", "isActive"},
    {"partnerId", "tenantId"},
    {"organization_id", "tenantId"},
}};
constexpr std::array<std::string_view, 7> attested_endpoint{
    "eventType", "url", "secret", "httpMethod", "isActive", "headers", "retryConfig"
};
constexpr std::array<Alias, 3> endpoint_aliases{{
    {"event", "eventType"},
    {"event_type", "eventType"},
    {"active", "isActive"},
}};
constexpr std::size_t most_configurations = 50;
constexpr std::size_t secret_random = 32;

/// {event|events[], url, secret} becomes one endpoint for each event.
void unfold(Json& body) {
    if (body.contains("endpoints") || !body.contains("url")) return;
    auto events = Json::array();
    if (const auto* list = member(body, "events"); list && list->is_array()) events = *list;
    if (const auto* one = member(body, "event")) events.push_back(*one);
    auto endpoints = Json::array();
    for (const auto& event : events) {
        Json endpoint{{"eventType", event}, {"url", body.at("url")}};
        if (const auto* secret = member(body, "secret")) endpoint["secret"] = *secret;
        endpoints.push_back(std::move(endpoint));
    }
    for (const auto* name : {"url", "event", "events", "secret"}) body.erase(name);
    body["endpoints"] = std::move(endpoints);
}

void read_endpoint(Call& call, Json& endpoint, const std::string& prefix, FieldErrors& errors) {
    if (!endpoint.is_object()) {
        errors.push_back({prefix, prefix + " must be an object", "invalid"});
        return;
    }
    const bool strict = call.world.strict;
    use_attested_names(endpoint, {attested_endpoint, endpoint_aliases}, strict, prefix, errors);
    Checker check(endpoint, prefix, errors);
    check.require("eventType");
    check.require("url");
    check.text("url", 8, 500);
    check.text("secret", 8, 512);
    check.boolean("isActive");
    check.object("headers");
    check.object("retryConfig");
    const auto event = text_of(endpoint, "eventType");
    if (!event.empty() && !is_event_name(event, strict)) {
        check.add("eventType", "is not an event: " + std::string(event), "unknown_event");
    }
    const std::string url(text_of(endpoint, "url"));
    if (!url.empty() && !may_deliver_to(url)) {
        check.add("url", "must be https (or http to this machine)", "invalid_url");
    }
    if (text_of(endpoint, "secret").empty()) {
        endpoint["secret"] =
            "whsec_" +
            Random(call.world.seed, std::hash<std::string>{}(call.world.new_id() + prefix))
                .hex(secret_random);
    }
    if (!endpoint.contains("isActive")) endpoint["isActive"] = true;
}

void read_webhook(Call& call, FieldErrors& errors) {
    auto& body = call.body;
    if (!call.world.strict) unfold(body);
    use_attested_names(body, {attested, aliases}, call.world.strict, "", errors);
    Checker check(body, "", errors);
    check.text("name", 1, 100);
    check.text("description", 0, 255);
    check.boolean("isActive");
    check.list("endpoints");
    auto* endpoints = check.find("endpoints");
    if (!endpoints || !endpoints->is_array()) return;
    for (std::size_t i = 0; i < endpoints->size(); ++i) {
        read_endpoint(call, (*endpoints)[i], "endpoints." + std::to_string(i) + ".", errors);
    }
}

const std::vector<const Row*>& webhooks(const Call& call) {
    return call.world.state.table(Kind::webhooks).rows(call.space);
}

std::string derived_name(const Json& body) {
    const auto* endpoints = member(body, "endpoints");
    const auto url = endpoints && !endpoints->empty() ? text_of((*endpoints)[0], "url") : "";
    const auto target = webhook_target(url);
    return "Webhook Configuration for " + (target ? target->base.host : std::string());
}

Result create(Call& call) {
    FieldErrors errors;
    read_webhook(call, errors);
    Checker(call.body, "", errors).require("endpoints");
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    if (text_of(call.body, "name").empty()) call.body["name"] = derived_name(call.body);
    const std::string name(text_of(call.body, "name"));
    for (const auto* row : webhooks(call)) {
        if (row->facets.name != name) continue;
        return std::unexpected(conflict(
            "Webhook configuration already exists", "webhook_exists", "name", row->id, "Update it"
        ));
    }
    if (webhooks(call).size() >= most_configurations) {
        return std::unexpected(bad_request("Too many webhook configurations", "webhook_limit"));
    }
    auto webhook = new_object(call);
    const auto owner = member(call.body, "tenantId");
    if (owner) webhook["tenantId"] = *owner;
    webhook["isActive"] = true;
    merge(webhook, call.body);
    webhook["failureCount"] = 0;
    webhook["totalDeliveries"] = 0;
    webhook["successfulDeliveries"] = 0;
    webhook["failedDeliveries"] = 0;
    return store(call, Kind::webhooks, webhook, 201);
}

bool has_url(const Row& row, std::string_view url) {
    const auto webhook = load(row);
    return std::ranges::any_of(webhook.at("endpoints"), [&](const Json& endpoint) {
        return text_of(endpoint, "url") == url;
    });
}

/// The common envelope, and `configurations` for who reads that.
Result list(Call& call) {
    Wanted wanted;
    if (const auto url = call.query("url"); url && !url->empty()) {
        wanted = [url = std::string(*url)](const Row& row) { return has_url(row, url); };
    }
    auto result = list_rows(call, Kind::webhooks, wanted);
    if (!result || call.query("count_only").value_or("0") == "1") return result;
    if (call.query("format") == "array") return result;
    auto body = Json::parse(result->body);
    body["configurations"] = body.at("data");
    return Reply{200, body.dump()};
}

Result get(Call& call) {
    const auto row = find_row(call, Kind::webhooks, "Webhook configuration");
    if (!row) return std::unexpected(row.error());
    return Reply{200, (*row)->text};
}

Result update(Call& call) {
    const auto row = find_row(call, Kind::webhooks, "Webhook configuration");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_webhook(call, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto webhook = load(**row);
    const auto* active = member(call.body, "isActive");
    if (active && *active == true) webhook["failureCount"] = 0;
    merge(webhook, call.body);
    return store_changed(call, Kind::webhooks, webhook);
}

Result remove(Call& call) {
    const auto row = find_row(call, Kind::webhooks, "Webhook configuration");
    if (!row) return std::unexpected(row.error());
    const auto id = (*row)->id;
    call.world.state.erase(Kind::webhooks, call.space, id);
    return Reply{204, ""};
}

Result stats(Call& call) {
    const auto row = find_row(call, Kind::webhooks, "Webhook configuration");
    if (!row) return std::unexpected(row.error());
    const auto webhook = load(**row);
    const auto total = webhook.at("totalDeliveries").get<std::int64_t>();
    const auto good = webhook.at("successfulDeliveries").get<std::int64_t>();
    Json figures{
        {"totalDeliveries", total},
        {"successfulDeliveries", good},
        {"failedDeliveries", webhook.at("failedDeliveries")},
        {"successRate",
         total == 0 ? 100.0 : 100.0 * static_cast<double>(good) / static_cast<double>(total)},
        {"isHealthy", webhook.at("isActive")},
    };
    return Reply{200, figures.dump()};
}

Result send_test(Call& call) {
    const std::string url(text_of(call.body, "webhookUrl"));
    if (!may_deliver_to(url))
        return std::unexpected(bad_request("webhookUrl is not valid", "invalid_url"));
    const auto* data = member(call.body, "testData");
    if (call.world.events) call.world.events->tell_url(url, data ? data->dump() : "{}");
    return Reply{200, R"({"success":true,"message":"Test webhook sent"})"};
}

constexpr std::array routes{
    Route{"POST", "/webhooks/configurations", create},
    Route{"GET", "/webhooks/configurations", list},
    Route{"GET", "/webhooks/configurations/{id}", get},
    Route{"PUT", "/webhooks/configurations/{id}", update},
    Route{"DELETE", "/webhooks/configurations/{id}", remove},
    Route{"PATCH", "/webhooks/configurations/{id}/status", update},
    Route{"GET", "/webhooks/configurations/{id}/stats", stats},
    Route{"POST", "/notifications/test-webhook", send_test},
    Route{"POST", "/notifications/test", send_test, Access::tenant, true},
};

}  // namespace

std::span<const Route> webhook_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
