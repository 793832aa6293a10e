#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `price_history`: every effective price of every product in every offer, and since when.
/// Effective is the offer's price of the product, else the product's own.
Projection price_history_projection();

}  // namespace vitrine::projections
