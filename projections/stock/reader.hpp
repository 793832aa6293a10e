#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/list_sql.hpp"
#include "projections/page.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// The stock of a SKU, but for the time: what of it is reserved then.
struct StockFigures {
    std::string sku;
    bool tracked = false;
    std::int64_t on_hand = 0, backorder_limit = 0, safety = 0, allocated = 0;
    std::int64_t reserved = 0;
    Timestamp created_at, updated_at;
    Version version = 0;
    Position position = 0;

    std::int64_t available() const { return on_hand - allocated - reserved - safety; }
};

struct StockEntry {
    Version version = 0;
    Position position = 0;
    Timestamp at;
    std::string type;
    std::optional<std::int64_t> quantity;
    std::string reservation_id, reason;  // empty: none
    std::int64_t on_hand = 0, allocated = 0;
};

/// Look-ups in the read model `stock` at one time, on the caller's thread.
class StockReader {
public:
    StockReader(Lease lease, Timestamp now) : lease_(std::move(lease)), now_(now) {}

    Position position() const { return lease_.position(); }

    /// Whether any SKU of the tenant was ever set.
    bool has_any(const TenantId& tenant);

    /// nullopt: it was never set, so that it is not tracked.
    std::optional<StockFigures> find(const TenantId& tenant, std::string_view sku);
    ListItems<StockFigures> list(const TenantId& tenant, const ListPage& page);

    /// The newest first; `next` is `before` of the next page.
    Page<StockEntry, Version> history(
        const TenantId& tenant,
        std::string_view sku,
        std::optional<Version> before,
        std::size_t limit
    );

private:
    std::int64_t reserved(const TenantId& tenant, std::string_view sku);

    Lease lease_;
    Timestamp now_;
};

}  // namespace vitrine::projections
