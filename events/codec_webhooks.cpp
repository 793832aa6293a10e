// What the platform tells us: deliveries, orders, payments.
#include "events/catalogue.hpp"
#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

void put(Json& json, const char* name, Timestamp value) {
    json[name] = format_time(value);
}

void get(const Json& json, const char* name, Timestamp& value) {
    const auto time = parse_time(json.at(name).get<std::string>());
    if (!time) throw Json::other_error::create(501, "no time", &json);
    value = *time;
}

}  // namespace

Encoded encode(const ClubifyWebhookReceived& event) {
    Json json;
    put(json, "delivery_id", event.delivery_id);
    put(json, "event", event.event);
    put(json, "sent_at", event.sent_at);
    put(json, "raw", event.raw);
    if (!event.ignored.empty()) put(json, "ignored", event.ignored);
    return encode_as("ClubifyWebhookReceived", json);
}

Encoded encode(const ClubifyOrderEvent& event) {
    Json json;
    put(json, "order_id", event.order_id);
    put(json, "payment_id", event.payment_id);
    put(json, "clubify_offer_id", event.clubify_offer_id);
    put(json, "amount_cents", event.amount_cents);
    put(json, "currency", event.currency);
    put(json, "source", event.source);
    put(json, "medium", event.medium);
    put(json, "campaign", event.campaign);
    put(json, "sent_at", event.sent_at);
    put(json, "delivery_id", event.delivery_id);
    return encode_as(event.type, json);
}

std::optional<ClubifyWebhookReceived> decode_webhook(const RecordedEvent& event) {
    if (event.type != "ClubifyWebhookReceived") return std::nullopt;
    try {
        const auto json = current_payload(event);
        ClubifyWebhookReceived received;
        get(json, "delivery_id", received.delivery_id);
        get(json, "event", received.event);
        get(json, "sent_at", received.sent_at);
        get(json, "raw", received.raw);
        if (json.contains("ignored")) get(json, "ignored", received.ignored);
        return received;
    } catch (const Json::exception& error) {
        throw UnreadableEvent(event, error.what());
    }
}

std::optional<ClubifyOrderEvent> decode_order_event(const RecordedEvent& event) {
    const auto* type = find_event_type(event.type);
    if (type == nullptr || (type->category != "order" && type->category != "payment"))
        return std::nullopt;
    try {
        const auto json = current_payload(event);
        ClubifyOrderEvent order;
        order.type = event.type;
        get(json, "order_id", order.order_id);
        get(json, "payment_id", order.payment_id);
        get(json, "clubify_offer_id", order.clubify_offer_id);
        get(json, "amount_cents", order.amount_cents);
        get(json, "currency", order.currency);
        get(json, "source", order.source);
        get(json, "medium", order.medium);
        get(json, "campaign", order.campaign);
        get(json, "sent_at", order.sent_at);
        get(json, "delivery_id", order.delivery_id);
        return order;
    } catch (const Json::exception& error) {
        throw UnreadableEvent(event, error.what());
    }
}

}  // namespace vitrine::events
