#pragma once

#include <string>

#include "commands/engine/definition.hpp"
#include "commands/products/product.hpp"
#include "commands/products/uses.hpp"
#include "gateways/clubify/mark.hpp"

// What commands on a product load before they decide, and what they write into its metadata there.
namespace vitrine::commands {

struct ProductAndUses {
    ProductState product;
    ProductUses uses;  // offers that have it
};

/// The offers are looked up where the command asks for them.
ProductAndUses product_of(const Preparation& from, bool with_uses);

/// So that it is known again as ours.
clubify::Imprint imprint_of(
    const ProductId& id, const CommandId& created_by, const Preparation& from
);

}  // namespace vitrine::commands
