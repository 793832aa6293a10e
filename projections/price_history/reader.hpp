#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// A price of a product in an offer, from then on.
struct PriceEntry {
    std::string clubify_product_id;
    std::string product_id;                       // empty: a product that only the platform knows
    std::optional<std::int64_t> price_cents;      // absent: not known, or no longer in the offer
    std::optional<std::int64_t> effective_cents;  // what one costs after the discount
    std::string currency;
    Timestamp since;
    Position position = 0;
};

/// From then on the offer could be bought, or not.
struct SaleEntry {
    bool on_sale = false;
    Timestamp since;
};

/// Look-ups in the read model `price_history`, on the caller's thread.
class PriceHistoryReader {
public:
    static constexpr std::size_t most = 20'000;

    explicit PriceHistoryReader(Lease lease) : lease_(std::move(lease)) { lease_.read_position(); }

    Position position() const { return lease_.position(); }

    bool knows(const TenantId& tenant, const OfferId& id);

    /// Offers that have the product, archived ones among them.
    std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product);

    /// The tenant's first event that is parked: prices of later ones are missing. nullopt: none is.
    std::optional<Position> parked_from(const TenantId& tenant);

    /// Every price of every product in the offer, oldest first, the latest `limit`; those of up to
    /// the event at `upto` where that is told.
    std::vector<PriceEntry> prices(
        const TenantId& tenant,
        const OfferId& id,
        std::optional<Position> upto = std::nullopt,
        std::size_t limit = most
    );

    /// Oldest first; before the first of them it could not be bought.
    std::vector<SaleEntry> sale(const TenantId& tenant, const OfferId& id);

private:
    Lease lease_;
};

}  // namespace vitrine::projections
