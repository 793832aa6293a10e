#pragma once

#include "core/period.hpp"
#include "projections/projector.hpp"

namespace vitrine::projections {

/// `sales`: sums of orders (sums.hpp) over one row an order of the platform, from its webhooks, in
/// whatever order they came. An order counts once, on the day of its first order.paid or
/// order.completed; what order.refunded gave back is told by that or by the sum of its
/// payment.refunded, whichever is more, and is never more than the order.
Projection sales_projection();

/// The days of sales: of this zone.
const Zone& sales_zone();

}  // namespace vitrine::projections
