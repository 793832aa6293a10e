#pragma once

#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "projections/offer_versions/block.hpp"
#include "projections/offers/reader.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// A moment of the log: after the event at `position`, which was recorded at `time`.
struct Moment {
    Position position = 0;  // 0: before the first event
    Timestamp time{};
};

/// Offers as they were, from the read model `offer_versions`, on the caller's thread.
/// Sees one state of the file.
class PastOffers {
public:
    explicit PastOffers(Lease lease) : lease_(std::move(lease)) { lease_.read_position(); }

    Position position() const { return lease_.position(); }

    std::optional<OfferState> find(const TenantId& tenant, const OfferId& id, Position at);
    std::optional<OfferState> find_by_slug(
        const TenantId& tenant, std::string_view slug, Position at
    );

    /// The body of an offer of then, with what its products were called and cost.
    PricedBody price(const TenantId& tenant, const OfferState& offer, Position at);

    /// Sorted by updated_at, offers of one time stand in the order of their events.
    ListItems<OfferListItem> list(
        const TenantId& tenant, const OfferFilter& filter, const Moment& at
    );

private:
    /// Those of a block that were there at a moment: the last of them was valid then.
    struct Versions {
        Version first = 0;
        std::vector<Position> positions;  // none: there was no such offer
    };
    /// What tables.hpp calls the number of an offer; 0: there is no such offer.
    Position number_of(const char* look_up, const TenantId& tenant, std::string_view by);
    Versions versions(const TenantId& tenant, Position number, Position at);
    std::optional<OfferState> read(const Versions& versions);

    FindProduct finder(const TenantId& tenant, Position at);

    Lease lease_;
    BlockReader reader_;
    OfferPricing pricing_;
};

}  // namespace vitrine::projections
