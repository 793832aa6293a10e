#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

struct Discount {
    std::string type;  // percentage, fixed
    JsonText value;    // percentage: a number 0–100; fixed: integer cents
    bool operator==(const Discount&) const = default;
};
BOOST_DESCRIBE_STRUCT(Discount, (), (type, value))

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
BOOST_DESCRIBE_STRUCT(
    OfferProduct,
    (),
    (product_id, clubify_product_id, quantity, position, required, price_cents, discount, rules)
)

/// Sections are free JSON objects, kept as given; an empty one is absent.
struct Configuration {
    JsonText settings, theme, layout, seo, tracking;
    bool operator==(const Configuration&) const = default;
};
BOOST_DESCRIBE_STRUCT(Configuration, (), (settings, theme, layout, seo, tracking))

struct OfferCreated {
    static constexpr std::string_view event_type = "OfferCreated";
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
BOOST_DESCRIBE_STRUCT(
    OfferCreated,
    (),
    (offer_id,
     name,
     slug,
     type,
     description,
     currency,
     products,
     configuration,
     metadata,
     clubify_offer_id)
)

/// Only what changed is present; a section of the configuration replaces the former one; null: it
/// has none any more.
struct OfferEdited {
    static constexpr std::string_view event_type = "OfferEdited";
    OfferId offer_id;
    std::optional<std::string> name;
    Edited<std::string> description;
    Configuration configuration;
    JsonText metadata;
    bool operator==(const OfferEdited&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferEdited, (), (offer_id, name, description, configuration, metadata))

struct OfferActivated {
    static constexpr std::string_view event_type = "OfferActivated";
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferActivated&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferActivated, (), (offer_id, reason))

struct OfferPaused {
    static constexpr std::string_view event_type = "OfferPaused";
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferPaused&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferPaused, (), (offer_id, reason))

struct OfferArchived {
    static constexpr std::string_view event_type = "OfferArchived";
    OfferId offer_id;
    std::optional<std::string> reason;
    bool operator==(const OfferArchived&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferArchived, (), (offer_id, reason))

struct ProductAddedToOffer {
    static constexpr std::string_view event_type = "ProductAddedToOffer";
    OfferId offer_id;
    OfferProduct product;
    bool operator==(const ProductAddedToOffer&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductAddedToOffer, (), (offer_id, product))

/// The product's line as it is now, whole.
struct ProductInOfferChanged {
    static constexpr std::string_view event_type = "ProductInOfferChanged";
    OfferId offer_id;
    OfferProduct product;
    bool operator==(const ProductInOfferChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductInOfferChanged, (), (offer_id, product))

struct ProductRemovedFromOffer {
    static constexpr std::string_view event_type = "ProductRemovedFromOffer";
    OfferId offer_id;
    std::optional<ProductId> product_id;
    ClubifyId clubify_product_id;
    bool operator==(const ProductRemovedFromOffer&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductRemovedFromOffer, (), (offer_id, product_id, clubify_product_id))

/// An offer that was on the platform already, as it was there.
struct OfferAdopted : OfferCreated {
    static constexpr std::string_view event_type = "OfferAdopted";
    std::string status;  // draft, active, paused, archived
    bool operator==(const OfferAdopted&) const = default;
};
BOOST_DESCRIBE_STRUCT(OfferAdopted, (OfferCreated), (status))

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

template <>
inline constexpr std::string_view category_of_events<OfferEvent> = "offer";
template <>
inline constexpr bool stands_flat<&ProductAddedToOffer::product> = true;
template <>
inline constexpr bool stands_flat<&ProductInOfferChanged::product> = true;
template <>
inline constexpr bool absent_when_empty<&OfferCreated::configuration> = true;
template <>
inline constexpr bool absent_when_empty<&OfferEdited::configuration> = true;

}  // namespace vitrine::events
