#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/products/{id}. On the caller's thread.
Result get_product(const ReadSide& reads, const TenantId& tenant, const ProductId& id);

}  // namespace vitrine::queries
