#include "gateways/clubify/listed.hpp"

#include <algorithm>
#include <array>

#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/listed_page.hpp"

namespace vitrine::clubify {
namespace {

JsonText object_text(const Json& object, Names names) {
    const Json* value = find(object, names);
    if (value == nullptr || !value->is_object() || value->empty()) return {};
    return text_form(*value);
}

JsonText metadata_without_mark(const Json& object) {
    const Json* value = find(object, {"metadata"});
    if (value == nullptr || !value->is_object()) return {};
    Json metadata = *value;
    metadata.erase("vitrine");
    return metadata.empty() ? JsonText() : text_form(metadata);
}

template <std::size_t Size>
std::string one_of(
    const std::string& text, const std::array<std::string_view, Size>& known, const char* otherwise
) {
    return std::ranges::find(known, text) == known.end() ? otherwise : text;
}

std::string product_type(const std::string& type) {
    constexpr std::array<std::string_view, 4> known{
        "digital", "physical", "service", "subscription"
    };
    return one_of(type, known, "digital");
}

/// A funnel goes over the wire as single, its type noted in our mark.
std::string offer_type(const Json& offer) {
    constexpr std::array<std::string_view, 5> known{
        "single", "combo", "bundle", "subscription", "funnel"
    };
    const Json* metadata = find(offer, {"metadata"});
    const Json* ours = metadata == nullptr ? nullptr : find(*metadata, {"vitrine"});
    if (ours != nullptr && text_of(*ours, {"type"}) == "funnel") return "funnel";
    const auto type = text_of(offer, {"type"});
    if (type == "complex_funnel") return "funnel";
    return one_of(type, known, "single");
}

std::string offer_status(const Json& offer) {
    constexpr std::array<std::string_view, 3> known{"active", "paused", "archived"};
    const auto status = text_of(offer, {"status"});
    if (status == "inactive") return "paused";
    return one_of(status, known, "draft");
}

std::optional<Discount> discount_of(const Json& line) {
    const auto type = text_of(line, {"discountType", "discount_type"});
    const Json* value = find(line, {"discountValue", "discount_value"});
    if ((type != "percentage" && type != "fixed") || value == nullptr || !value->is_number())
        return std::nullopt;
    return Discount{type, text_form(*value)};
}

OfferProduct line_of(const Json& json, const ClubifyId& product, std::int64_t place) {
    OfferProduct line;
    line.product = product;
    line.quantity = std::max<std::int64_t>(1, integer_of(json, {"quantity"}).value_or(1));
    line.position = integer_of(json, {"position"}).value_or(place);
    if (const Json* optional = find(json, {"isOptional", "is_optional"});
        optional != nullptr && optional->is_boolean()) {
        line.required = !optional->get<bool>();
    } else if (const Json* required = find(json, {"required"});
               required != nullptr && required->is_boolean()) {
        line.required = required->get<bool>();
    }
    line.price_cents = integer_of(json, {"customPrice", "custom_price"});
    line.discount = discount_of(json);
    line.rules = object_text(json, {"rules"});
    return line;
}

std::optional<ListedProduct> product_of(const Json& json) {
    const auto read = read_product(text_form(json));
    if (!read || read->name.empty()) return std::nullopt;
    ListedProduct product;
    product.id = read->id;
    product.mark = read->mark;
    product.name = read->name;
    product.type = product_type(text_of(json, {"type"}));
    product.description = optional_text(json, {"description"});
    const Json* pricing = find(json, {"pricing"});
    const Json* prices = find(json, {"prices"});
    const Json* listed =
        prices != nullptr && prices->is_array() && !prices->empty() ? &prices->front() : nullptr;
    for (const Json* place : {pricing, listed, &json}) {
        if (place == nullptr) continue;
        const auto cents = cents_in(*place, {"price", "amount"});
        if (!cents) continue;
        product.price_cents = std::max<std::int64_t>(0, *cents);
        product.currency = text_of(*place, {"currency"});
        break;
    }
    if (product.currency.empty()) product.currency = text_of(json, {"currency"});
    if (product.currency.empty()) product.currency = "BRL";
    product.sku = optional_text(json, {"sku"});
    product.metadata = metadata_without_mark(json);
    return product;
}

std::optional<ListedOffer> offer_of(const Json& json) {
    const auto read = read_offer(text_form(json));
    if (!read || read->name.empty() || read->slug.empty()) return std::nullopt;
    ListedOffer offer;
    offer.id = read->id;
    offer.mark = read->mark;
    offer.name = read->name;
    offer.slug = read->slug;
    offer.type = offer_type(json);
    offer.status = offer_status(json);
    offer.description = optional_text(json, {"description"});
    offer.currency = text_of(json, {"currency"});
    if (offer.currency.empty()) offer.currency = "BRL";
    for (const auto& line : read->products) {
        if (line.id.empty()) continue;
        offer.products.push_back(line_of(
            Json::parse(line.json.text), line.id, static_cast<std::int64_t>(offer.products.size())
        ));
    }
    const Json* configuration = find(json, {"configuration"});
    const auto section = [&](const char* name) {
        auto text = object_text(json, {name});
        if (text.empty() && configuration != nullptr) text = object_text(*configuration, {name});
        return text;
    };
    offer.settings = section("settings");
    offer.theme = section("theme");
    offer.layout = section("layout");
    offer.seo = section("seo");
    offer.tracking = section("tracking");
    offer.metadata = metadata_without_mark(json);
    return offer;
}

std::optional<ListedCustomer> customer_of(const Json& json) {
    ListedCustomer customer;
    customer.id = ClubifyId(text_of(json, {"_id", "id"}));
    if (customer.id.empty()) return std::nullopt;
    customer.name = text_of(json, {"name"});
    customer.email = text_of(json, {"email"});
    customer.phone = text_of(json, {"phone"});
    customer.document = text_of(json, {"document", "cpf"});
    customer.status = text_of(json, {"status"});
    customer.tags = texts_of(json, {"tags"});
    customer.address = object_text(json, {"address"});
    customer.metadata = metadata_without_mark(json);
    customer.mark = read_mark(text_form(json));
    return customer;
}

}  // namespace

std::optional<ListedPage<ListedProduct>> read_listed_products(const JsonText& answer, int page) {
    return read_page<ListedProduct, product_of>(answer, page, "products");
}

std::optional<ListedPage<ListedOffer>> read_listed_offers(const JsonText& answer, int page) {
    return read_page<ListedOffer, offer_of>(answer, page, "offers");
}

std::optional<ListedPage<ListedCustomer>> read_listed_customers(const JsonText& answer, int page) {
    return read_page<ListedCustomer, customer_of>(answer, page, "customers");
}

asio::awaitable<Result<ListedPage<ListedProduct>>> product_page(
    Clubify& clubify, Account account, int page
) {
    return get_page<ListedPage<ListedProduct>, read_listed_products>(
        &clubify, std::move(account), "/products", page
    );
}

asio::awaitable<Result<ListedPage<ListedOffer>>> offer_page(
    Clubify& clubify, Account account, int page
) {
    return get_page<ListedPage<ListedOffer>, read_listed_offers>(
        &clubify, std::move(account), "/offers", page
    );
}

asio::awaitable<Result<ListedPage<ListedCustomer>>> customer_page(
    Clubify& clubify, Account account, int page
) {
    return get_page<ListedPage<ListedCustomer>, read_listed_customers>(
        &clubify, std::move(account), "/customers", page
    );
}

}  // namespace vitrine::clubify
