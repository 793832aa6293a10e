#pragma once

#include <vector>

#include "projections/projector.hpp"

namespace vitrine::projections {

/// The tables of `offer_versions`. All that is valid is so from a position to before another;
/// NULL: still. An offer is told by its number, the position of its first event: a tenth of the
/// bytes of its id.
///
/// - `offer_versions`: one row a version, with what its event changed (block.hpp). In the order of
///   the log, also for lists in the order of changes.
/// - `offer_version_blocks`: where the rows of up to 16 versions of one offer are.
/// - `offer_span_blocks`: what is known of versions that begin next to each other, so that those
///   that had ended are passed over together.
/// - `offer_names`: when each name was valid, for lists in the order of names.
/// - `offer_creations`: one row an offer, for look-ups by id and slug and lists in the order of
///   creation.
/// - `offered_product_versions`: what offers show of a product, and since when.
std::vector<Table> offer_versions_tables();

}  // namespace vitrine::projections
