#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `products`: one row a product, for the list and the detail.
Projection products_projection();

}  // namespace vitrine::projections
