#pragma once

#include "projections/projector.hpp"

namespace vitrine::projections {

/// `offer_versions`: what offers were. Apart from `offers`, so that neither the list and the detail
/// of now nor their rebuild wait for it.
Projection offer_versions_projection();

}  // namespace vitrine::projections
