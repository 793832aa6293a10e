#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

void put_product(Json& json, const OfferProduct& product) {
    put(json, "product_id", product.product_id);
    put(json, "clubify_product_id", product.clubify_product_id);
    put(json, "quantity", product.quantity);
    put(json, "position", product.position);
    put(json, "required", product.required);
    put(json, "price_cents", product.price_cents);
    if (product.discount) {
        Json discount;
        put(discount, "type", product.discount->type);
        put(discount, "value", product.discount->value);
        json["discount"] = std::move(discount);
    }
    put(json, "rules", product.rules);
}

OfferProduct get_product(const Json& json) {
    OfferProduct product;
    get(json, "product_id", product.product_id);
    get(json, "clubify_product_id", product.clubify_product_id);
    get(json, "quantity", product.quantity);
    get(json, "position", product.position);
    get(json, "required", product.required);
    get(json, "price_cents", product.price_cents);
    if (const auto found = json.find("discount"); found != json.end()) {
        auto& discount = product.discount.emplace();
        get(*found, "type", discount.type);
        get(*found, "value", discount.value);
    }
    get(json, "rules", product.rules);
    return product;
}

void put_configuration(Json& json, const Configuration& configuration) {
    if (configuration == Configuration()) return;
    Json sections = Json::object();
    put(sections, "settings", configuration.settings);
    put(sections, "theme", configuration.theme);
    put(sections, "layout", configuration.layout);
    put(sections, "seo", configuration.seo);
    put(sections, "tracking", configuration.tracking);
    json["configuration"] = std::move(sections);
}

Configuration get_configuration(const Json& json) {
    Configuration configuration;
    const auto found = json.find("configuration");
    if (found == json.end()) return configuration;
    get(*found, "settings", configuration.settings);
    get(*found, "theme", configuration.theme);
    get(*found, "layout", configuration.layout);
    get(*found, "seo", configuration.seo);
    get(*found, "tracking", configuration.tracking);
    return configuration;
}

Json to_json(const OfferCreated& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put(json, "name", event.name);
    put(json, "slug", event.slug);
    put(json, "type", event.type);
    put(json, "description", event.description);
    put(json, "currency", event.currency);
    json["products"] = Json::array();
    for (const auto& product : event.products) {
        Json line;
        put_product(line, product);
        json["products"].push_back(std::move(line));
    }
    put_configuration(json, event.configuration);
    put(json, "metadata", event.metadata);
    put(json, "clubify_offer_id", event.clubify_offer_id);
    return json;
}

void from_json(const Json& json, OfferCreated& event) {
    get(json, "offer_id", event.offer_id);
    get(json, "name", event.name);
    get(json, "slug", event.slug);
    get(json, "type", event.type);
    get(json, "description", event.description);
    get(json, "currency", event.currency);
    for (const auto& line : json.at("products")) event.products.push_back(get_product(line));
    event.configuration = get_configuration(json);
    get(json, "metadata", event.metadata);
    get(json, "clubify_offer_id", event.clubify_offer_id);
}

Json to_json(const OfferEdited& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put(json, "name", event.name);
    put(json, "description", event.description);
    put_configuration(json, event.configuration);
    put(json, "metadata", event.metadata);
    return json;
}

void from_json(const Json& json, OfferEdited& event) {
    get(json, "offer_id", event.offer_id);
    get(json, "name", event.name);
    get(json, "description", event.description);
    event.configuration = get_configuration(json);
    get(json, "metadata", event.metadata);
}

template <class StatusEvent>
Json status_to_json(const StatusEvent& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put(json, "reason", event.reason);
    return json;
}

template <class StatusEvent>
void status_from_json(const Json& json, StatusEvent& event) {
    get(json, "offer_id", event.offer_id);
    get(json, "reason", event.reason);
}

Json to_json(const OfferActivated& event) {
    return status_to_json(event);
}
Json to_json(const OfferPaused& event) {
    return status_to_json(event);
}
Json to_json(const OfferArchived& event) {
    return status_to_json(event);
}
void from_json(const Json& json, OfferActivated& event) {
    status_from_json(json, event);
}
void from_json(const Json& json, OfferPaused& event) {
    status_from_json(json, event);
}
void from_json(const Json& json, OfferArchived& event) {
    status_from_json(json, event);
}

template <class LineEvent>
Json line_to_json(const LineEvent& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put_product(json, event.product);
    return json;
}

template <class LineEvent>
void line_from_json(const Json& json, LineEvent& event) {
    get(json, "offer_id", event.offer_id);
    event.product = get_product(json);
}

Json to_json(const ProductAddedToOffer& event) {
    return line_to_json(event);
}
Json to_json(const ProductInOfferChanged& event) {
    return line_to_json(event);
}
void from_json(const Json& json, ProductAddedToOffer& event) {
    line_from_json(json, event);
}
void from_json(const Json& json, ProductInOfferChanged& event) {
    line_from_json(json, event);
}

Json to_json(const ProductRemovedFromOffer& event) {
    Json json;
    put(json, "offer_id", event.offer_id);
    put(json, "product_id", event.product_id);
    put(json, "clubify_product_id", event.clubify_product_id);
    return json;
}

void from_json(const Json& json, ProductRemovedFromOffer& event) {
    get(json, "offer_id", event.offer_id);
    get(json, "product_id", event.product_id);
    get(json, "clubify_product_id", event.clubify_product_id);
}

Json to_json(const OfferAdopted& event) {
    auto json = to_json(static_cast<const OfferCreated&>(event));
    put(json, "status", event.status);
    return json;
}

void from_json(const Json& json, OfferAdopted& event) {
    from_json(json, static_cast<OfferCreated&>(event));
    get(json, "status", event.status);
}

constexpr DecoderRow<OfferEvent> decoders[] = {
    {"OfferCreated", decode_as<OfferEvent, OfferCreated, from_json>},
    {"OfferEdited", decode_as<OfferEvent, OfferEdited, from_json>},
    {"OfferActivated", decode_as<OfferEvent, OfferActivated, from_json>},
    {"OfferPaused", decode_as<OfferEvent, OfferPaused, from_json>},
    {"OfferArchived", decode_as<OfferEvent, OfferArchived, from_json>},
    {"ProductAddedToOffer", decode_as<OfferEvent, ProductAddedToOffer, from_json>},
    {"ProductInOfferChanged", decode_as<OfferEvent, ProductInOfferChanged, from_json>},
    {"ProductRemovedFromOffer", decode_as<OfferEvent, ProductRemovedFromOffer, from_json>},
    {"OfferAdopted", decode_as<OfferEvent, OfferAdopted, from_json>},
};

std::string_view type_of(const OfferEvent& event) {
    return std::visit(
        overloaded{
            [](const OfferCreated&) { return "OfferCreated"; },
            [](const OfferEdited&) { return "OfferEdited"; },
            [](const OfferActivated&) { return "OfferActivated"; },
            [](const OfferPaused&) { return "OfferPaused"; },
            [](const OfferArchived&) { return "OfferArchived"; },
            [](const ProductAddedToOffer&) { return "ProductAddedToOffer"; },
            [](const ProductInOfferChanged&) { return "ProductInOfferChanged"; },
            [](const ProductRemovedFromOffer&) { return "ProductRemovedFromOffer"; },
            [](const OfferAdopted&) { return "OfferAdopted"; },
        },
        event
    );
}

}  // namespace

Encoded encode(const OfferEvent& event) {
    return encode_as(type_of(event), std::visit([](const auto& e) { return to_json(e); }, event));
}

std::optional<OfferEvent> decode_offer_event(const RecordedEvent& event) {
    return decode_with<OfferEvent>(decoders, event);
}

}  // namespace vitrine::events
