#include "queries/quotes/terms_of.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/prices/quote.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using namespace rules::prices;

const Json* member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> text(const Json& json, const char* name) {
    const auto* found = member(json, name);
    return found ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<std::int64_t> number(const Json& json, const char* name) {
    const auto* found = member(json, name);
    return found ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

std::optional<Timestamp> time(const Json& json, const char* name) {
    const auto found = text(json, name);
    return found ? parse_time(*found) : std::nullopt;
}

std::optional<events::Discount> discount(const Json& json) {
    const auto* found = member(json, "discount");
    if (!found) return std::nullopt;
    return events::Discount{
        found->at("type").get<std::string>(), JsonText(found->at("value").dump())
    };
}

template <class Id>
std::vector<Id> ids(const Json& json, const char* name) {
    std::vector<Id> all;
    if (const auto* found = member(json, name)) {
        for (const auto& each : *found) all.emplace_back(each.get<std::string>());
    }
    return all;
}

OfferLine line_of(const Json& json) {
    OfferLine line;
    if (const auto id = text(json, "product_id")) line.product_id = ProductId(*id);
    line.clubify_product_id = ClubifyId(json.at("clubify_product_id").get<std::string>());
    line.quantity = number(json, "quantity").value_or(1);
    const auto* required = member(json, "required");
    line.required = required == nullptr || required->get<bool>();
    line.price_cents = number(json, "price_cents");
    line.discount = discount(json);
    return line;
}

}  // namespace

OfferTerms offer_terms(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    OfferTerms offer;
    offer.offer_id = OfferId(row.id);
    offer.revision = row.version;
    offer.status = row.status;
    offer.currency = json.at("currency").get<std::string>();
    for (const auto& each : json.at("products")) offer.lines.push_back(line_of(each));
    return offer;
}

ProductTerms product_terms(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    ProductTerms product;
    product.product_id = ProductId(row.id);
    product.revision = row.version;
    product.name = json.at("name").get<std::string>();
    product.sku = text(json, "sku");
    product.price_cents = number(json, "price_cents");
    product.currency = json.at("currency").get<std::string>();
    product.archived = row.status == "archived";
    product.clubify_product_id = ClubifyId(text(json, "clubify_product_id").value_or(""));
    return product;
}

PriceList price_list(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    PriceList list;
    list.name = row.id;
    list.revision = row.version;
    list.currency = json.at("currency").get<std::string>();
    list.priority = number(json, "priority").value_or(0);
    list.valid_from = time(json, "valid_from");
    list.valid_to = time(json, "valid_to");
    list.segment = text(json, "segment");
    for (const auto& each : json.at("entries"))
        list.entries.push_back(
            {ProductId(each.at("product_id").get<std::string>()),
             number(each, "min_quantity").value_or(1),
             each.at("price_cents").get<std::int64_t>()}
        );
    std::ranges::sort(list.entries, {}, &PriceEntry::product_id);
    return list;
}

CouponTerms coupon_terms(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    CouponTerms coupon;
    coupon.id = row.id;
    coupon.code = json.at("code").get<std::string>();
    coupon.discount = discount(json).value();
    coupon.min_cart_cents = number(json, "min_cart_cents");
    coupon.max_uses = number(json, "max_uses");
    coupon.max_uses_per_customer = number(json, "max_uses_per_customer");
    coupon.valid_from = time(json, "valid_from");
    coupon.valid_to = time(json, "valid_to");
    coupon.offers = ids<OfferId>(json, "offers");
    coupon.products = ids<ProductId>(json, "products");
    coupon.exclusive_group = text(json, "exclusive_group");
    coupon.disabled = row.status == "disabled";
    coupon.used = number(json, "used").value_or(0);
    coupon.locked = number(json, "locked").value_or(0);
    return coupon;
}

InstallmentTerms installment_terms(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    InstallmentTerms terms;
    terms.revision = row.version;
    terms.max = number(json, "max").value_or(1);
    terms.interest_free = number(json, "interest_free").value_or(1);
    terms.monthly_rate_ppm = number(json, "monthly_rate_ppm").value_or(0);
    terms.min_installment_cents = number(json, "min_installment_cents").value_or(0);
    return terms;
}

RoundingTerms rounding_terms(const projections::PricingRow& row) {
    const auto json = Json::parse(row.body);
    return {
        row.version,
        rounding_named(text(json, "rounding").value_or("")).value_or(Rounding::half_away)
    };
}

}  // namespace vitrine::queries
