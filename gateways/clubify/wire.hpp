#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "gateways/clubify/call.hpp"

/// The platform's write calls for products and offers, in its own spelling: camelCase, integer
/// cents, `isOptional` for the opposite of required. The only place that knows these shapes.
namespace vitrine::clubify {

/// What is not given stays there; null takes it away.
struct ProductFields {
    std::optional<std::string> name;
    std::optional<std::string> type;
    Edited<std::string> description;
    JsonText metadata;
};

struct Discount {
    std::string type;  // "percentage" or "fixed"
    JsonText value;    // percentage: a number 0–100; fixed: integer cents
};

struct OfferProduct {
    ClubifyId product;
    std::int64_t quantity = 1;
    std::int64_t position = 0;
    bool required = true;
    std::optional<std::int64_t> price_cents;  // price inside this offer
    std::optional<Discount> discount;
    JsonText rules;
};

struct OfferFields {
    std::optional<std::string> name;
    std::optional<std::string> slug;
    std::optional<std::string> type;  // single, combo, bundle, subscription
    Edited<std::string> description;
    std::optional<std::string> currency;
    JsonText settings, theme, layout, seo, tracking;  // top level on the wire
    JsonText metadata;
    std::vector<OfferProduct> products;
};

Call create_product(const ProductFields& fields);                     // POST /products
Call edit_product(const ClubifyId& id, const ProductFields& fields);  // PATCH /products/{id}
/// PATCH /products/{id} {"pricing":{"price":cents,"currency":…}, …fields}; one request for price
/// and fields.
Call price_product(
    const ClubifyId& id,
    std::int64_t price_cents,
    const std::string& currency,
    const ProductFields& fields
);
/// PATCH /products/{id} {"isActive":false, …fields}: it is no longer sold, and orders still name
/// it.
Call archive_product(const ClubifyId& id, const ProductFields& fields);
Call delete_product(const ClubifyId& id);                         // DELETE /products/{id}
Call create_offer(const OfferFields& fields);                     // POST /offers
Call edit_offer(const ClubifyId& id, const OfferFields& fields);  // PUT /offers/{id}
Call publish_offer(const ClubifyId& id);    // POST /offers/{id}/publish, empty
Call unpublish_offer(const ClubifyId& id);  // POST /offers/{id}/unpublish, empty
Call archive_offer(const ClubifyId& id);    // PUT /offers/{id}/status
Call add_product(
    const ClubifyId& offer, const OfferProduct& product
);  // POST /offers/{id}/products
/// PUT /offers/{id}/products/{productId}: every field, null where it is to be taken away.
Call change_product(const ClubifyId& offer, const OfferProduct& product);
Call remove_product(
    const ClubifyId& offer, const ClubifyId& product
);  // DELETE /offers/{id}/products/{productId}

}  // namespace vitrine::clubify
