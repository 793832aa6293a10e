#pragma once

#include "gateways/clubify/question.hpp"

/// Where the platform delivers its events to us.
namespace vitrine::clubify {

struct WebhookEndpoint {
    std::string event;  // "order.paid"
    std::string url;
    std::string
        secret;  // at least 32 of [A-Za-z0-9_-] with a "_": then every rule of signing agrees
    bool active = true;
    int max_retries = 3;
    std::chrono::milliseconds timeout{30'000};
};

struct WebhookFields {
    std::string owner;  // sent as tenantId; the platform's own client puts the organization there
    std::string name;   // one per owner
    std::optional<std::string> description;
    bool active = true;
    std::vector<WebhookEndpoint> endpoints;
};

struct RemoteWebhook {
    ClubifyId id;
    std::string name;
    bool active = false;
    std::vector<std::string> urls, events;  // of the endpoints
    JsonText json;
};

struct WebhookTestResult {
    bool success = false;
    JsonText json;
};

/// How many configurations an organization has.
Question<std::int64_t> count_webhooks(std::string_view organization);
/// `url` empty: all.
Question<std::vector<RemoteWebhook>> list_webhooks(std::string_view url = {});
Question<RemoteWebhook> create_webhook(const WebhookFields& fields);
/// Replaces all endpoints.
Question<RemoteWebhook> set_webhook_endpoints(
    const ClubifyId& id, const std::vector<WebhookEndpoint>& endpoints
);
Question<RemoteWebhook> set_webhook_active(const ClubifyId& id, bool active);
Question<JsonText> delete_webhook(const ClubifyId& id);
/// Asks the platform to send a test event to the URL.
Question<WebhookTestResult> test_webhook(std::string_view url, const JsonText& test_data);

}  // namespace vitrine::clubify
