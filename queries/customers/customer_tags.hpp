#pragma once

#include "projections/projections.hpp"
#include "queries/quotes/price_book.hpp"

namespace vitrine::queries {

/// From the read model `customers`: of whoever was merged into another, that one's, which are those
/// of both; who is erased is nobody. `projections` outlives it.
CustomerTags customer_tags(const projections::Projections& projections);

}  // namespace vitrine::queries
