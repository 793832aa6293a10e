#pragma once

#include "core/ids.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Whether the offer, as it is since its last event, can have been answered with these facts
/// (Answer::facts): the event at that position is one by which a product in it tells its name or
/// price. True also while the read model cannot say.
bool was_told_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& offer, Position facts
);

}  // namespace vitrine::queries
