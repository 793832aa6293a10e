#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

struct Discount {
    std::string type;  // percentage, fixed
    JsonText value;    // percentage: a number 0–100; fixed: integer cents
    bool operator==(const Discount&) const = default;
};

/// A product as an offer has it. `clubify_product_id` identifies it within the offer.
struct OfferProduct {
    std::optional<ProductId> product_id;  // absent: a product that only the platform knows
    ClubifyId clubify_product_id;
    std::int64_t quantity = 1;
    std::int64_t position = 0;
    bool required = true;
    std::optional<std::int64_t> price_cents;  // instead of the product's own price
    std::optional<Discount> discount;
    JsonText rules;
    bool operator==(const OfferProduct&) const = default;
};

/// Sections are free JSON objects, kept as given; an empty one is absent.
struct Configuration {
    JsonText settings, theme, layout, seo, tracking;
    bool operator==(const Configuration&) const = default;
};

struct OfferCreated {
    OfferId offer_id;
    ClubifyId clubify_offer_id;
    std::string name;
    std::string slug;
    std::string type;  // single, combo, bundle, subscription, funnel
    std::optional<std::string> description;
    std::string currency;
    std::vector<OfferProduct> products;
    Configuration configuration;
    JsonText metadata;
    bool operator==(const OfferCreated&) const = default;
};

/// Only what changed is present; a section of the configuration replaces the former one.
struct OfferEdited {
    OfferId offer_id;
    std::optional<std::string> name;
    std::optional<std::string> description;
    Configuration configuration;
    JsonText metadata;
    bool operator==(const OfferEdited&) const = default;
};

struct OfferActivated {
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferActivated&) const = default;
};

struct OfferPaused {
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferPaused&) const = default;
};

struct OfferArchived {
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferArchived&) const = default;
};

struct ProductAddedToOffer {
    OfferId offer_id;
    OfferProduct product;  // its members stand beside offer_id in the JSON
    bool operator==(const ProductAddedToOffer&) const = default;
};

/// The product's line as it is now, whole.
struct ProductInOfferChanged {
    OfferId offer_id;
    OfferProduct product;
    bool operator==(const ProductInOfferChanged&) const = default;
};

struct ProductRemovedFromOffer {
    OfferId offer_id;
    std::optional<ProductId> product_id;
    ClubifyId clubify_product_id;
    bool operator==(const ProductRemovedFromOffer&) const = default;
};

/// An offer that was on the platform already, as it was there.
struct OfferAdopted : OfferCreated {
    std::string status;  // draft, active, paused, archived
    bool operator==(const OfferAdopted&) const = default;
};

using OfferEvent = std::variant<
    OfferCreated,
    OfferEdited,
    OfferActivated,
    OfferPaused,
    OfferArchived,
    ProductAddedToOffer,
    ProductInOfferChanged,
    ProductRemovedFromOffer,
    OfferAdopted>;

}  // namespace vitrine::events
