#pragma once

#include <vector>

#include "projections/projector.hpp"

namespace vitrine::projections {

/// The tables of `offer_versions`. All that is valid is so from a position to before another;
/// NULL: still.
///
/// - `offer_versions`: blocks of up to 16 versions of one offer (block.hpp).
/// - `offer_spans`: when each version was valid, for lists in the order of changes.
/// - `offer_names`: when each name was valid, for lists in the order of names.
/// - `offer_creations`: one row an offer, for look-ups by slug and lists in the order of creation.
std::vector<Table> offer_versions_tables();

}  // namespace vitrine::projections
