#pragma once

#include "core/period.hpp"
#include "projections/projector.hpp"

namespace vitrine::projections {

/// `sales`: sums of orders (sums.hpp) over one row an order of the platform, from its webhooks, in
/// whatever order they came and however often one thing was told (docs/webhooks.md). An order
/// counts once, on the day of its first settlement: order.paid, order.completed or payment.paid.
/// What was given back is the sum of its refunds, each counted once, and never more than the order.
Projection sales_projection();

/// The days of sales: of this zone.
const Zone& sales_zone();

}  // namespace vitrine::projections
