#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `price_history`: every price of every product in every offer, and since when: that which was
/// set, the offer's of the product, else the product's own; and what one so costs after the
/// discount.
Projection price_history_projection();

}  // namespace vitrine::projections
