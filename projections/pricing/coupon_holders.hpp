#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// A part of `pricing`: how many uses of a coupon each customer holds and has used.
Projection coupon_holders_part();

}  // namespace vitrine::projections
