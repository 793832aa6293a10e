#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/edited.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "events/describe.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

struct ProductCreated {
    static constexpr std::string_view event_type = "ProductCreated";
    ProductId product_id;
    ClubifyId clubify_product_id;
    std::string name;
    std::string type;  // digital, physical, service, subscription
    std::optional<std::string> description;
    /// Absent: the platform told none. Events of before 2026-11-29 have 0 then.
    std::optional<std::int64_t> price_cents;
    std::string currency;
    std::optional<std::string> sku;
    JsonText metadata;
    bool operator==(const ProductCreated&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    ProductCreated,
    (),
    (product_id, name, type, description, price_cents, currency, sku, metadata, clubify_product_id)
)

/// Only what changed is present; null: it has none any more.
struct ProductEdited {
    static constexpr std::string_view event_type = "ProductEdited";
    ProductId product_id;
    std::optional<std::string> name;
    Edited<std::string> description;
    JsonText metadata;
    Edited<std::string> sku;
    bool operator==(const ProductEdited&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductEdited, (), (product_id, name, description, sku, metadata))

struct ProductPriceChanged {
    static constexpr std::string_view event_type = "ProductPriceChanged";
    ProductId product_id;
    std::int64_t price_cents = 0;
    std::string currency;
    bool operator==(const ProductPriceChanged&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductPriceChanged, (), (product_id, price_cents, currency))

/// A product that was on the platform already, as it was there.
struct ProductAdopted : ProductCreated {
    static constexpr std::string_view event_type = "ProductAdopted";
    std::optional<std::string> status;  // archived; absent: active
    bool operator==(const ProductAdopted&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductAdopted, (ProductCreated), (status))

/// For good: it is not sold any more.
struct ProductArchived {
    static constexpr std::string_view event_type = "ProductArchived";
    ProductId product_id;
    std::optional<std::string> reason;
    bool operator==(const ProductArchived&) const = default;
};
BOOST_DESCRIBE_STRUCT(ProductArchived, (), (product_id, reason))

using ProductEvent = std::
    variant<ProductCreated, ProductEdited, ProductPriceChanged, ProductAdopted, ProductArchived>;

template <>
inline constexpr std::string_view category_of_events<ProductEvent> = "product";

}  // namespace vitrine::events
