#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/objects.hpp"
#include "sandbox/offer_fields.hpp"
#include "sandbox/offers.hpp"

namespace vitrine::sandbox {
namespace {

// `rules` is not attested either; it is what makes an offer dynamic, so every mode keeps it.
constexpr std::array<std::string_view, 9> attested{
    "productId",
    "quantity",
    "position",
    "isOptional",
    "customPrice",
    "discountType",
    "discountValue",
    "productData",
    "rules"
};
constexpr std::array<Alias, 8> aliases{{
    {"product_id", "productId"},
    {"is_optional", "isOptional"},
    {"custom_price", "customPrice"},
    {"price", "customPrice"},
    {"price_cents", "customPrice"},
    {"discount_type", "discountType"},
    {"discount_value", "discountValue"},
    {"product_data", "productData"},
}};
constexpr std::array<std::string_view, 3> discount_types{"percentage", "fixed", "fixed_amount"};
constexpr std::array<std::string_view, 1> attested_key{"productId"};

Refusal already_there(std::string_view product_id) {
    auto refusal = bad_request("Product already exists in this offer", "product_exists");
    refusal.errors.push_back({"productId", refusal.message, "product_exists"});
    refusal.extras.emplace_back("existing_resource_id", JsonText(json_string(product_id)));
    return refusal;
}

/// Names, types and ranges of one product in an offer.
void read_item(Json& item, bool strict, const std::string& prefix, FieldErrors& errors) {
    use_attested_names(item, {attested, aliases}, strict, prefix, errors);
    Checker check(item, prefix, errors);
    check.text("productId", 1, 64);
    check.integer("quantity", 1);
    check.integer("position", 0);
    check.boolean("isOptional");
    check.boolean("required");
    check.cents("customPrice");
    check.object("rules");
    check.one_of("discountType", discount_types);
    const auto discount = text_of(item, "discountType");
    if (discount == "percentage") {
        check.require("discountValue");
        check.number("discountValue", 0, 100);
    } else if (!discount.empty()) {
        check.require("discountValue");
        check.cents("discountValue");
    } else if (check.find("discountValue")) {
        check.require("discountType");
    }
    check.object("productData");
    if (auto* data = check.find("productData"); data && data->is_object()) {
        Checker(*data, prefix + "productData.", errors).cents("price");
    }
    // L3 says `required`, the wire `isOptional`; both are answered.
    const auto* required = check.find("required");
    if (required && required->is_boolean() && !item.contains("isOptional")) {
        const bool optional = !required->get<bool>();
        item["isOptional"] = optional;
    }
}

Json finished_item(Json& given, std::size_t next_position) {
    auto item = Json::object();
    item["productId"] = given.at("productId");
    item["product_id"] = given.at("productId");
    item["quantity"] = 1;
    item["position"] = next_position;
    item["isOptional"] = false;
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (it.value().is_null() && item.contains(it.key())) continue;
        item[it.key()] = std::move(it.value());
    }
    item["required"] = !item.at("isOptional").get<bool>();
    return item;
}

bool product_exists(const Call& call, std::string_view id) {
    return call.world.state.table(Kind::products).find(call.space, id) != nullptr;
}

Json::iterator find_item(Json& products, std::string_view id) {
    return std::ranges::find_if(products, [&](const Json& item) {
        return text_of(item, "productId") == id;
    });
}

/// The offer in the pattern's first place, and its product in the second.
struct Place {
    Json offer;
    std::size_t index;
};

std::expected<Place, Refusal> find_place(const Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    auto offer = load(**row);
    auto& products = offer.at("products");
    const auto found = find_item(products, call.args.at(1));
    if (found == products.end()) return std::unexpected(not_found("Product in this offer"));
    const auto index = static_cast<std::size_t>(found - products.begin());
    return Place{std::move(offer), index};
}

Result add(Call& call) {
    const auto row = find_row(call, Kind::offers, "Offer");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_item(call.body, call.world.strict, "", errors);
    Checker check(call.body, "", errors);
    check.require("productId");
    const auto id = text_of(call.body, "productId");
    if (errors.empty() && !product_exists(call, id)) {
        check.add("productId", "does not exist", "product_not_found");
    }
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto offer = load(**row);
    auto& products = offer.at("products");
    if (find_item(products, id) != products.end()) return std::unexpected(already_there(id));
    products.push_back(finished_item(call.body, products.size()));
    auto reply = store_changed(call, Kind::offers, offer);
    reply.status = 201;
    return reply;
}

Result change(Call& call) {
    auto place = find_place(call);
    if (!place) return std::unexpected(place.error());
    FieldErrors errors;
    read_item(call.body, call.world.strict, "", errors);
    Checker check(call.body, "", errors);
    const auto id = text_of(call.body, "productId");
    const bool names_product = call.body.contains("productId");
    if (names_product && (call.world.strict || id != call.args.at(1))) {
        check.add("productId", "is taken from the path", "unknown_property");
    }
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto& item = place->offer.at("products").at(place->index);
    // A null means what it means on creation: the default, or none.
    for (const auto* name : {"quantity", "position", "isOptional", "required"}) {
        if (!check.find(name)) call.body.erase(name);
    }
    merge(item, call.body, attested_key);
    item["required"] = !item.at("isOptional").get<bool>();
    return store_changed(call, Kind::offers, place->offer);
}

Result remove(Call& call) {
    auto place = find_place(call);
    if (!place) return std::unexpected(place.error());
    place->offer.at("products").erase(place->index);
    return store_changed(call, Kind::offers, place->offer);
}

constexpr std::array routes{
    Route{"POST", "/offers/{id}/products", add},
    Route{"PUT", "/offers/{id}/products/{product}", change},
    Route{"DELETE", "/offers/{id}/products/{product}", remove},
};

}  // namespace

Json read_offer_products(const Call& call, Json& list, FieldErrors& errors) {
    auto products = Json::array();
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto& given = list[i];
        const auto prefix = "products." + std::to_string(i) + '.';
        const auto before = errors.size();
        if (!given.is_object()) {
            const auto field = "products." + std::to_string(i);
            errors.push_back({field, field + " must be an object", "type"});
            continue;
        }
        read_item(given, call.world.strict, prefix, errors);
        Checker check(given, prefix, errors);
        check.require("productId");
        if (errors.size() != before) continue;
        const auto id = text_of(given, "productId");
        if (find_item(products, id) != products.end()) {
            errors.push_back(
                {prefix + "productId", "Product already exists in this offer", "product_exists"}
            );
        } else if (!product_exists(call, id)) {
            check.add("productId", "does not exist", "product_not_found");
        } else {
            products.push_back(finished_item(given, products.size()));
        }
    }
    return products;
}

std::span<const Route> offer_product_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
