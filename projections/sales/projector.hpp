#pragma once

#include "core/period.hpp"

namespace vitrine::projections {

/// The days of sales: of this zone.
const Zone& sales_zone();

}  // namespace vitrine::projections
