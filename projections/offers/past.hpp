#pragma once

#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "projections/offers/reader.hpp"
#include "projections/offers/state.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

/// A moment of the log: after the event at `position`, which was recorded at `time`.
struct Moment {
    Position position = 0;  // 0: before the first event
    Timestamp time{};
};

/// A page of a list as it was. It may have fewer items than asked for, and none, though others
/// follow: the work for one page is bounded.
struct PastPage {
    std::vector<OfferListItem> items;
    std::optional<ListKey> next;  // where the next page begins; nullopt: this is the last
};

/// Offers as they were, from the row versions of the read model `offers`, on the caller's thread.
/// Sees one state of the file.
class PastOffers {
public:
    explicit PastOffers(Lease lease) : lease_(std::move(lease)) { lease_.freeze(); }

    Position position() const { return lease_.position(); }

    /// False: the read model is still one that keeps no versions, or has not come that far.
    bool can_tell(Position at) {
        return lease_.position() >= at && lease_.has_table("offer_versions");
    }

    std::optional<OfferState> find(const TenantId& tenant, const OfferId& id, Position at);
    std::optional<OfferState> find_version(
        const TenantId& tenant, const OfferId& id, Version version
    );
    std::optional<OfferState> find_by_slug(
        const TenantId& tenant, std::string_view slug, Position at
    );

    /// Sorted by updated_at, offers of one time stand in the order of their events.
    PastPage list(const TenantId& tenant, const OfferFilter& filter, const Moment& at);

private:
    struct VersionRow;
    template <class IsWanted>
    std::optional<OfferState> walk(const TenantId& tenant, Position newest, IsWanted is_wanted);
    std::optional<VersionRow> row_at(const TenantId& tenant, Position position);
    std::optional<OfferState> put_together(const TenantId& tenant, const VersionRow& newest);

    Lease lease_;
    OfferFold fold_;
};

}  // namespace vitrine::projections
