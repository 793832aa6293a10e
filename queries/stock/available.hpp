#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

// What is available of products, in the answers that tell of them. On the caller's thread.
namespace vitrine::queries {

/// Of one product: `available`, if its SKU is tracked.
Result with_available_of_product(const ReadSide& reads, const TenantId& tenant, Result product);

/// Of each in a list of products.
Result with_available_of_products(const ReadSide& reads, const TenantId& tenant, Result list);

/// Of each product in an offer.
Result with_available_in_offer(const ReadSide& reads, const TenantId& tenant, Result offer);

/// What was available then is part of an answer's tag, in Answer::facts beside where others told
/// something.
constexpr Position told_in(Position facts) {
    constexpr int bits = 40;
    return facts & ((Position{1} << bits) - 1);
}

}  // namespace vitrine::queries
