#pragma once

#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/list_parameters.hpp"
#include "queries/read_side.hpp"

// What there is of SKUs, and reservations. On the caller's thread.
namespace vitrine::queries {

inline constexpr const char* stock_model = "stock";

/// What is reserved at this moment, and so available, is of the read side's clock. A SKU that was
/// never set is not tracked.
Result get_stock(const ReadSide& reads, const TenantId& tenant, std::string_view sku);

Result list_stock(
    const ReadSide& reads,
    const TenantId& tenant,
    const ListParameters& parameters,
    std::vector<Fault> faults
);

/// What happened to the stock of a SKU, the newest first: `limit` and `cursor` count.
Result stock_history(
    const ReadSide& reads,
    const TenantId& tenant,
    std::string_view sku,
    const ListParameters& parameters
);

}  // namespace vitrine::queries
