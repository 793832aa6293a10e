#include "core/overloaded.hpp"
#include "events/codec.hpp"
#include "events/decode.hpp"
#include "events/json.hpp"

namespace vitrine::events {
namespace {

Json to_json(const ProductCreated& event) {
    Json json;
    put(json, "product_id", event.product_id);
    put(json, "name", event.name);
    put(json, "type", event.type);
    put(json, "description", event.description);
    put(json, "price_cents", event.price_cents);
    put(json, "currency", event.currency);
    put(json, "sku", event.sku);
    put(json, "metadata", event.metadata);
    put(json, "clubify_product_id", event.clubify_product_id);
    return json;
}

void from_json(const Json& json, ProductCreated& event) {
    get(json, "product_id", event.product_id);
    get(json, "name", event.name);
    get(json, "type", event.type);
    get(json, "description", event.description);
    get(json, "price_cents", event.price_cents);
    get(json, "currency", event.currency);
    get(json, "sku", event.sku);
    get(json, "metadata", event.metadata);
    get(json, "clubify_product_id", event.clubify_product_id);
}

Json to_json(const ProductEdited& event) {
    Json json;
    put(json, "product_id", event.product_id);
    put(json, "name", event.name);
    put(json, "description", event.description);
    put(json, "metadata", event.metadata);
    return json;
}

void from_json(const Json& json, ProductEdited& event) {
    get(json, "product_id", event.product_id);
    get(json, "name", event.name);
    get(json, "description", event.description);
    get(json, "metadata", event.metadata);
}

Json to_json(const ProductPriceChanged& event) {
    Json json;
    put(json, "product_id", event.product_id);
    put(json, "price_cents", event.price_cents);
    put(json, "currency", event.currency);
    return json;
}

void from_json(const Json& json, ProductPriceChanged& event) {
    get(json, "product_id", event.product_id);
    get(json, "price_cents", event.price_cents);
    get(json, "currency", event.currency);
}

Json to_json(const ProductAdopted& event) {
    return to_json(static_cast<const ProductCreated&>(event));
}

void from_json(const Json& json, ProductAdopted& event) {
    from_json(json, static_cast<ProductCreated&>(event));
}

constexpr DecoderRow<ProductEvent> decoders[] = {
    {"ProductCreated", decode_as<ProductEvent, ProductCreated, from_json>},
    {"ProductEdited", decode_as<ProductEvent, ProductEdited, from_json>},
    {"ProductPriceChanged", decode_as<ProductEvent, ProductPriceChanged, from_json>},
    {"ProductAdopted", decode_as<ProductEvent, ProductAdopted, from_json>},
};

std::string_view type_of(const ProductEvent& event) {
    return std::visit(
        overloaded{
            [](const ProductCreated&) { return "ProductCreated"; },
            [](const ProductEdited&) { return "ProductEdited"; },
            [](const ProductPriceChanged&) { return "ProductPriceChanged"; },
            [](const ProductAdopted&) { return "ProductAdopted"; },
        },
        event
    );
}

}  // namespace

Encoded encode(const ProductEvent& event) {
    return encode_as(type_of(event), std::visit([](const auto& e) { return to_json(e); }, event));
}

std::optional<ProductEvent> decode_product_event(const RecordedEvent& event) {
    return decode_with<ProductEvent>(decoders, event);
}

}  // namespace vitrine::events
