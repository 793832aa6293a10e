#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/period.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// What orders of one currency come to.
struct SalesSum {
    std::string currency;  // empty: not told
    std::int64_t orders = 0;
    std::int64_t revenue_cents = 0;  // before refunds
    std::int64_t refunds = 0;        // orders of which something was given back
    std::int64_t refunded_cents = 0;
};

/// The orders of one day, source and currency.
struct DaySales : SalesSum {
    std::string day;     // 2011-04-01
    std::string source;  // empty: not told
};

/// The orders of one offer and currency.
struct OfferSales : SalesSum {
    ClubifyId clubify_offer_id;  // empty: not told
};

/// The orders of one source and currency.
struct SourceSales : SalesSum {
    std::string source;  // empty: not told
};

/// The days of the first and the last order.
struct SoldDays {
    std::string first, last;  // empty: there is no order
};

/// Sums over the read model `sales`, on the caller's thread. `offer`: nullopt for all of the
/// tenant's; `days`: nullopt for all days.
class SalesReader {
public:
    explicit SalesReader(Lease lease) : lease_(std::move(lease)) { lease_.read_position(); }

    Position position() const { return lease_.position(); }

    /// By day, currency and source, in that order.
    std::vector<DaySales> by_day(
        const TenantId& tenant, const std::optional<ClubifyId>& offer, const Days& days
    );

    SoldDays sold_days(const TenantId& tenant, const std::optional<ClubifyId>& offer);

    std::vector<OfferSales> by_offer(const TenantId& tenant, const std::optional<Days>& days);
    std::vector<SourceSales> by_source(const TenantId& tenant, const std::optional<Days>& days);

    bool knows_currency_of(const TenantId& tenant, const ClubifyId& offer);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
