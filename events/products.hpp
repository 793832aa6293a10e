#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/ids.hpp"
#include "core/json_text.hpp"

// These are stored for ever. Add members; never rename one, never reuse a name.
namespace vitrine::events {

struct ProductCreated {
    ProductId product_id;
    ClubifyId clubify_product_id;
    std::string name;
    std::string type;  // digital, physical, service, subscription
    std::optional<std::string> description;
    std::int64_t price_cents = 0;
    std::string currency;
    std::optional<std::string> sku;
    JsonText metadata;
    bool operator==(const ProductCreated&) const = default;
};

/// Only what changed is present.
struct ProductEdited {
    ProductId product_id;
    std::optional<std::string> name;
    std::optional<std::string> description;
    JsonText metadata;
    bool operator==(const ProductEdited&) const = default;
};

struct ProductPriceChanged {
    ProductId product_id;
    std::int64_t price_cents = 0;
    std::string currency;
    bool operator==(const ProductPriceChanged&) const = default;
};

/// A product that was on the platform already, as it was there.
struct ProductAdopted : ProductCreated {
    bool operator==(const ProductAdopted&) const = default;
};

using ProductEvent =
    std::variant<ProductCreated, ProductEdited, ProductPriceChanged, ProductAdopted>;

}  // namespace vitrine::events
