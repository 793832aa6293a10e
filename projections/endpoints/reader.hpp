#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// Every endpoint that there is or was, by tenant and id.
std::vector<std::pair<TenantId, std::string>> endpoints_in(Lease& lease);

}  // namespace vitrine::projections
