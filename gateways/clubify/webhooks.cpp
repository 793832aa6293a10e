#include "gateways/clubify/webhooks.hpp"

#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"

namespace vitrine::clubify {
namespace {

constexpr const char* collection = "webhooks/configurations";

std::string list_of(const std::vector<WebhookEndpoint>& endpoints) {
    std::string list = "[";
    for (const WebhookEndpoint& endpoint : endpoints) {
        JsonWriter retries;
        retries.number("maxRetries", endpoint.max_retries)
            .number("timeout", endpoint.timeout.count())
            .text("backoffStrategy", "exponential");
        JsonWriter writer;
        writer.text("eventType", endpoint.event)
            .text("url", endpoint.url)
            .text("secret", endpoint.secret)
            .text("httpMethod", "POST")
            .boolean("isActive", endpoint.active)
            .json("retryConfig", retries.done().text);
        if (list.size() > 1) list += ',';
        list += writer.done().text;
    }
    return list + "]";
}

bool is_true(const Json& json, Names names) {
    const Json* value = find(json, names);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<RemoteWebhook> webhook_of(const Json& json) {
    RemoteWebhook webhook;
    webhook.id = ClubifyId(text_of(json, {"_id", "id"}));
    if (webhook.id.empty()) return std::nullopt;
    webhook.name = text_of(json, {"name"});
    webhook.active = is_true(json, {"isActive", "active", "enabled"});
    if (const Json* endpoints = find(json, {"endpoints"})) {
        for (const Json& endpoint : *endpoints) {
            webhook.urls.push_back(text_of(endpoint, {"url"}));
            webhook.events.push_back(text_of(endpoint, {"eventType", "event"}));
        }
    }
    webhook.json = text_form(json);
    return webhook;
}

std::optional<RemoteWebhook> read_webhook(const JsonText& answer) {
    const Json json = read_document(answer);
    const Json* wrapped = find(json, {"config"});
    return webhook_of(wrapped != nullptr ? *wrapped : json);
}

std::optional<std::vector<RemoteWebhook>> read_webhooks(const JsonText& answer) {
    const Json document = Json::parse(answer.text, nullptr, false);
    const Json* list = list_in(document, {"configurations", "configs", "webhooks", "data"});
    if (list == nullptr) return std::nullopt;
    std::vector<RemoteWebhook> webhooks;
    for (const Json& json : *list) {
        if (auto webhook = webhook_of(json)) webhooks.push_back(std::move(*webhook));
    }
    return webhooks;
}

std::optional<std::int64_t> read_count(const JsonText& answer) {
    return integer_of(Json::parse(answer.text, nullptr, false), {"total", "count", "data"});
}

std::optional<JsonText> read_anything(const JsonText& answer) {
    return answer;
}

std::optional<WebhookTestResult> read_test(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    return WebhookTestResult{is_true(json, {"success"}), text_form(json)};
}

}  // namespace

Question<std::int64_t> count_webhooks(std::string_view organization) {
    std::string path = "/webhooks/configurations";
    add_query(path, "organization_id", organization);
    add_query(path, "count_only", "1");
    return {get_call(std::move(path)), read_count};
}

Question<std::vector<RemoteWebhook>> list_webhooks(std::string_view url) {
    std::string path = "/webhooks/configurations";
    add_query(path, "url", url);
    return {get_call(std::move(path)), read_webhooks};
}

Question<RemoteWebhook> create_webhook(const WebhookFields& fields) {
    JsonWriter writer;
    writer.text("tenantId", fields.owner)
        .text("name", fields.name)
        .maybe("description", fields.description)
        .boolean("isActive", fields.active)
        .json("endpoints", list_of(fields.endpoints))
        .number("defaultTimeout", 30'000)
        .number("defaultMaxRetries", 3)
        .text("signatureAlgorithm", "sha256")
        .boolean("verifySSL", true);
    return {make_call("POST", "/webhooks/configurations", writer.done()), read_webhook};
}

Question<RemoteWebhook> set_webhook_endpoints(
    const ClubifyId& id, const std::vector<WebhookEndpoint>& endpoints
) {
    JsonWriter writer;
    writer.json("endpoints", list_of(endpoints));
    return {make_call("PUT", path_of(collection, id), writer.done()), read_webhook};
}

Question<RemoteWebhook> set_webhook_active(const ClubifyId& id, bool active) {
    JsonWriter writer;
    writer.boolean("isActive", active);
    return {make_call("PATCH", path_of(collection, id, "/status"), writer.done()), read_webhook};
}

Question<JsonText> delete_webhook(const ClubifyId& id) {
    return {make_call("DELETE", path_of(collection, id)), read_anything};
}

Question<WebhookTestResult> test_webhook(std::string_view url, const JsonText& test_data) {
    JsonWriter writer;
    writer.text("partnerId", "clubify-checkout")
        .text("webhookUrl", url)
        .json("testData", test_data.text);
    return {make_call("POST", "/notifications/test-webhook", writer.done()), read_test};
}

}  // namespace vitrine::clubify
