#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "projections/offers/product_facts.hpp"
#include "projections/payload.hpp"

namespace vitrine::projections {

/// The product that an offer names by our id (may be empty) and the platform's, if it is known.
using FindProduct = std::function<
    std::optional<ProductFacts>(std::string_view product_id, std::string_view clubify_product_id)>;

/// An offer's body with what its products are called and cost.
struct PricedBody {
    std::string body;
    Position facts = 0;  // where the products' facts in it last changed; 0: there are none
};

/// A product that offers are asked for: of which only the platform's id stands in every line.
struct HeldProduct {
    bool is_asked = false;
    std::string clubify_product_id;  // empty: it is not known, and no offer holds it

    bool is(std::string_view clubify_id) const {
        return !clubify_product_id.empty() && clubify_id == clubify_product_id;
    }
};

/// Of our id; empty: none is asked for.
HeldProduct held_product(const std::string& product_id, const FindProduct& find);

/// Names and prices of an offer's products. A price is the offer's own, else the product's;
/// `unit_cents` is before the discount, `discount_cents` and `total_cents` are of the whole
/// quantity. What is not known is null, and so is then the offer's `total_cents`, which is of all
/// products in the offer's currency. One thread uses it.
class OfferPricing {
public:
    /// `body` is what `render` gave. Throws simdjson::simdjson_error for what it did not.
    PricedBody price_body(std::string_view body, const FindProduct& find);

    /// What price_body would add as the offer's total_cents.
    std::optional<std::int64_t> total_of(std::string_view body, const FindProduct& find);

    /// Whether it is in the offer, if one is asked for.
    bool holds(std::string_view body, const HeldProduct& product);

private:
    struct Sum;
    std::string priced_lines(
        std::string_view products, std::string_view currency, const FindProduct& find, Sum& sum
    );

    Payload body_, lines_;
};

}  // namespace vitrine::projections
