#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/period.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// The orders of one day, source and currency.
struct DaySales {
    std::string day;       // 2011-04-01
    std::string source;    // empty: not told
    std::string currency;  // empty: not told
    std::int64_t orders = 0;
    std::int64_t revenue_cents = 0;  // before refunds
    std::int64_t refunds = 0;        // orders of which something was given back
    std::int64_t refunded_cents = 0;
};

/// Sums over the read model `sales`, on the caller's thread.
class SalesReader {
public:
    explicit SalesReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// By day, currency and source, in that order. `offer`: nullopt for all of the tenant's.
    std::vector<DaySales> by_day(
        const TenantId& tenant, const std::optional<ClubifyId>& offer, const Window& window
    );

private:
    Lease lease_;
};

}  // namespace vitrine::projections
