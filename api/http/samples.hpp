#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

// What events and webhooks look like, for /docs.
namespace vitrine::api {

/// The payload of an event type, as the tests hold its encoder against; nullptr: there is none.
const nlohmann::ordered_json* event_sample(std::string_view type);

/// Deliveries as clubify-sandbox sends them, in the order of their events.
const nlohmann::ordered_json& webhook_samples();

}  // namespace vitrine::api
