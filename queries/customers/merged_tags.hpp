#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "projections/listed.hpp"

namespace vitrine::queries {

/// The tags of those who were merged into a customer, and into those.
struct MergedTags {
    std::set<std::string> tags;
    Position told = 0;  // where the last of them changed; 0: nobody was merged
};

/// `rows`: of the read model `customers`.
MergedTags merged_tags(
    projections::ListedReader& rows, const TenantId& tenant, std::string_view customer_id
);

}  // namespace vitrine::queries
