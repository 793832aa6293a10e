#pragma once

#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// A reservation as its stream says, at the time of the read side's clock: its reads may block.
Result get_reservation(const ReadSide& reads, const TenantId& tenant, std::string_view id);

}  // namespace vitrine::queries
