#include "sandbox/products.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"

namespace vitrine::sandbox {
namespace {

// The platform refuses price, status, slug and sku on create; so does strict mode.
constexpr std::array<std::string_view, 6> attested_on_create{
    "name", "type", "description", "metadata", "prices", "idempotency_key"
};
constexpr std::array<std::string_view, 8> attested_on_update{
    "name", "type", "description", "metadata", "prices", "pricing", "isActive", "idempotency_key"
};
constexpr std::array<Alias, 3> aliases{{
    {"is_active", "isActive"},
    {"active", "isActive"},
    {"stock_quantity", "stockQuantity"},
}};
constexpr std::array<Alias, 3> pricing_aliases{{
    {"compare_at_price", "compareAtPrice"},
    {"cost_per_item", "costPerItem"},
    {"tax_inclusive", "taxInclusive"},
}};
constexpr std::array<std::string_view, 5> attested_pricing{
    "price", "currency", "compareAtPrice", "costPerItem", "taxInclusive"
};
constexpr std::array<std::string_view, 5> types{
    "product", "service", "digital", "physical", "subscription"
};
constexpr std::array<std::string_view, 4> states{"active", "inactive", "draft", "archived"};
constexpr std::array<std::string_view, 4> currencies{"BRL", "USD", "EUR", "GBP"};
constexpr std::array<std::string_view, 5> handled_apart{
    "pricing", "price", "currency", "active", "idempotency_key"
};
constexpr std::array<std::string_view, 4> refused_filters{"search", "q", "slug", "sku"};

void read_pricing(Json& pricing, bool strict, FieldErrors& errors) {
    constexpr std::string_view prefix = "pricing.";
    use_attested_names(pricing, {attested_pricing, pricing_aliases}, strict, prefix, errors);
    Checker check(pricing, std::string(prefix), errors);
    check.cents("price");
    check.cents("compareAtPrice");
    check.cents("costPerItem");
    check.one_of("currency", currencies);
    check.boolean("taxInclusive");
}

void read_product(Call& call, bool creates, FieldErrors& errors) {
    auto& body = call.body;
    const bool strict = call.world.strict;
    const auto attested = creates ? std::span<const std::string_view>(attested_on_create)
                                  : std::span<const std::string_view>(attested_on_update);
    use_attested_names(body, {attested, aliases}, strict, "", errors);
    Checker check(body, "", errors);
    if (creates || body.contains("name")) check.require("name");
    check.text("name", 2, 255);
    check.one_of("type", types);
    check.text("description", 0, 5000);
    check.object("metadata");
    check.cents("price");
    check.one_of("currency", currencies);
    check.text("sku", 1, 50);
    check.one_of("status", states);
    check.boolean("isActive");
    check.boolean("featured");
    check.integer("stockQuantity", 0);
    check.list("prices");
    if (auto* prices = check.find("prices"); prices && prices->is_array()) {
        for (std::size_t i = 0; i < prices->size(); ++i) {
            Checker((*prices)[i], "prices." + std::to_string(i) + '.', errors).cents("amount");
        }
    }
    check.object("pricing");
    if (auto* pricing = check.find("pricing"); pricing && pricing->is_object()) {
        read_pricing(*pricing, strict, errors);
    }
}

/// Moves what the input says of the price into the product, where `price` repeats `pricing.price`.
/// True: the price is another now.
bool set_price(Json& product, Json& input) {
    const auto before = product.value("price", Json());
    auto pricing = product.value("pricing", Json());
    if (!pricing.is_object()) pricing = Json{{"price", nullptr}, {"currency", "BRL"}};
    for (const auto* name : {"price", "currency"}) {
        if (const auto given = input.find(name); given != input.end()) pricing[name] = *given;
    }
    if (const auto given = input.find("pricing"); given != input.end() && given->is_object()) {
        merge(pricing, *given);
    }
    product["price"] = pricing.at("price");
    product["currency"] = pricing.at("currency");
    product["pricing"] = std::move(pricing);
    return product.at("price") != before;
}

void note_price(Call& call, const Json& product) {
    if (product.at("price").is_null()) return;
    const auto id = product.at("_id").get<std::string>();
    const auto* row = call.world.state.table(Kind::price_history).find(call.space, id);
    auto history = row ? load(*row) : Json::array();
    auto entry = Json::object();
    entry["price"] = product.at("price");
    entry["currency"] = product.at("currency");
    entry["changedAt"] = product.at("updatedAt");
    history.push_back(std::move(entry));
    call.world.state.put(Kind::price_history, call.space, id, history);
}

void set_active(Json& product) {
    const auto* given = member(product, "isActive");
    const bool active = !given || !given->is_boolean() || given->get<bool>();
    product["isActive"] = active;
    product["active"] = active;
}

void set_stock(Json& product, std::int64_t quantity) {
    product["stockQuantity"] = quantity;
    product["stock_quantity"] = quantity;
}

std::int64_t stock_of(const Json& product) {
    const auto* stock = member(product, "stockQuantity");
    return stock && stock->is_number_integer() ? stock->get<std::int64_t>() : 0;
}

Result create(Call& call) {
    FieldErrors errors;
    read_product(call, true, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto product = new_object(call);
    merge(product, call.body, handled_apart);
    if (text_of(product, "type").empty()) product["type"] = "digital";
    if (text_of(product, "status").empty()) product["status"] = "active";
    set_active(product);
    set_stock(product, stock_of(product));
    const bool priced = set_price(product, call.body);
    auto reply = store(call, Kind::products, product, 201);
    if (priced) note_price(call, product);
    return reply;
}

Result list(Call& call) {
    for (const auto name : refused_filters) {
        if (!call.query(name)) continue;
        const auto field = std::string(name);
        FieldErrors errors;
        errors.push_back({field, "property " + field + " should not exist", "unknown_property"});
        return std::unexpected(bad_fields(std::move(errors)));
    }
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    return list_rows(call, Kind::products, *filters);
}

Result count(Call& call) {
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    return count_rows(call, Kind::products, *filters);
}

Result featured(Call& call) {
    return list_rows(call, Kind::products, [](const Row& row) { return row.facets.featured; });
}

Result get(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    return Reply{200, (*row)->text};
}

Result update(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    FieldErrors errors;
    read_product(call, false, errors);
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    auto product = load(**row);
    const bool repriced = set_price(product, call.body);
    const bool sets_active = call.body.contains("isActive") && !call.body.contains("status");
    merge(product, call.body, handled_apart);
    set_active(product);
    if (sets_active) product["status"] = product.at("isActive").get<bool>() ? "active" : "inactive";
    set_stock(product, stock_of(product));
    auto reply = store_changed(call, Kind::products, product);
    if (repriced) note_price(call, product);
    return reply;
}

Result remove(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    const auto id = (*row)->id;
    tell(call, "product.deleted", load(**row));
    call.world.state.erase(Kind::products, call.space, id);
    call.world.state.erase(Kind::price_history, call.space, id);
    return Reply{200, R"({"success":true,"deleted":true,"_id":)" + json_string(id) + '}'};
}

Result change_stock(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    constexpr std::array<std::string_view, 1> attested{"quantityChange"};
    constexpr std::array<Alias, 1> other{{{"quantity_change", "quantityChange"}}};
    FieldErrors errors;
    use_attested_names(call.body, {attested, other}, call.world.strict, "", errors);
    Checker check(call.body, "", errors);
    check.require("quantityChange");
    check.integer("quantityChange", -1'000'000'000, 1'000'000'000);
    auto product = load(**row);
    std::int64_t stock = stock_of(product);
    if (errors.empty()) {
        stock += call.body.at("quantityChange").get<std::int64_t>();
        if (stock < 0) check.add("quantityChange", "is more than is in stock", "out_of_stock");
    }
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    set_stock(product, stock);
    return store_changed(call, Kind::products, product);
}

Result duplicate(Call& call) {
    const auto row = find_row(call, Kind::products, "Product");
    if (!row) return std::unexpected(row.error());
    auto original = load(**row);
    auto copy = new_object(call);
    merge(copy, original);
    copy["name"] = (*row)->facets.name + " (copy)";
    set_stock(copy, 0);
    auto reply = store(call, Kind::products, copy, 201);
    note_price(call, copy);
    return reply;
}

constexpr std::array routes{
    Route{"POST", "/products", create},
    Route{"GET", "/products", list},
    Route{"GET", "/products/count", count},
    Route{"GET", "/products/featured", featured},
    Route{"GET", "/products/{id}", get},
    Route{"PATCH", "/products/{id}", update},
    Route{"PUT", "/products/{id}", update, Access::tenant, true},
    Route{"DELETE", "/products/{id}", remove},
    Route{"PATCH", "/products/{id}/inventory", change_stock},
    Route{"POST", "/products/{id}/duplicate", duplicate},
};

}  // namespace

std::span<const Route> product_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
