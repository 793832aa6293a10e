#pragma once

#include "commands/engine/definition.hpp"

namespace vitrine::commands {

inline constexpr Entity product_entity{
    .name = "product", .collection = "/v1/products", .this_one = {"product", "este produto"}
};

inline constexpr ClaimKind sku_kind{
    .name = "sku",
    .noun = {"SKU", "SKU"},
    .problem = "sku-taken",
    .owner = {"another product", "outro produto"}
};

/// Of two SKUs that look alike a tenant has one: what nobody sees of them makes no difference.
Claim sku_claim(std::string_view sku);

/// The SKU that the body gives.
Claims claims_of_sku(const ClaimRequest& request);

}  // namespace vitrine::commands
