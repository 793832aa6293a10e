#pragma once

#include <string>

#include "commands/engine/definition.hpp"
#include "commands/products/product.hpp"

namespace vitrine::commands {

/// Of the product with that id on the platform.
ProductUses uses_of(const Preparation& from, const ClubifyId& product);

/// `"Café"`, `"Café", "Chá" and 3 others`: their offers.
Phrase spell_offers(const ProductUses& uses);

}  // namespace vitrine::commands
