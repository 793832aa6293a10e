#pragma once

#include <vector>

#include "core/ids.hpp"
#include "projections/projector.hpp"

namespace vitrine::projections {

/// As many positions in a row, from a multiple on, are a block of `offer_span_blocks`.
constexpr Position span_block_positions = 256;

constexpr Position span_block_of(Position position) {
    return position / span_block_positions;
}

/// The tables of `offer_versions`. All that is valid is so from a position to before another;
/// NULL: still.
///
/// - `offer_versions`: blocks of up to 16 versions of one offer (block.hpp).
/// - `offer_spans`: when each version was valid, for lists in the order of changes.
/// - `offer_span_blocks`: what is known of spans that begin next to each other, so that those that
///   had ended are passed over together.
/// - `offer_names`: when each name was valid, for lists in the order of names.
/// - `offer_creations`: one row an offer, for look-ups by slug and lists in the order of creation.
std::vector<Table> offer_versions_tables();

}  // namespace vitrine::projections
