#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/payload.hpp"

namespace vitrine::projections {

/// A product in an offer, with its prices.
struct PricedLine {
    std::string clubify_product_id;
    std::string product_id;                   // empty: a product that only the platform knows
    std::optional<std::int64_t> offer_price;  // absent: the product's own price holds
    std::int64_t quantity = 1;
    std::string discount_type, discount_value;  // empty: none; the value is JSON
    // As last written to the history:
    std::optional<std::int64_t> shown_price;      // that which was set
    std::optional<std::int64_t> shown_effective;  // what one costs after the discount
    std::string shown_currency;
};

/// The row of one offer.
struct PricedOffer {
    std::string currency;
    std::vector<PricedLine> lines;
    Version version = 0;    // of the offer's stream; 0: the offer was never created
    Position position = 0;  // of the last event that changed this

    std::size_t bytes() const { return sizeof(PricedOffer) + lines.size() * 160 + 64; }
};

/// The lines as they are kept: a JSON array.
std::string render_lines(const std::vector<PricedLine>& lines);

/// Of {"lines":[…]}.
std::vector<PricedLine> read_lines(json::object object);

}  // namespace vitrine::projections
