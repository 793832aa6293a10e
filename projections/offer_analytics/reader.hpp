#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/time.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

struct OfferFigures {
    Version version = 0;
    Position position = 0;  // of the last event that changed them
    std::int64_t product_count = 0;
    std::int64_t revisions = 0;  // edits, and products added, changed or removed
    std::string status;
    Timestamp status_since;
    // Time spent in each status before the present one began.
    std::int64_t draft_us = 0, active_us = 0, paused_us = 0, archived_us = 0;
    std::int64_t failure_count = 0;
    JsonText failures_by_type;  // {"OfferEditFailed":2}
    JsonText last_failure;      // {type, class, reason, at, position}; empty: none
};

/// Look-ups in the read model `offer_analytics`, on the caller's thread.
class AnalyticsReader {
public:
    explicit AnalyticsReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// nullopt: the offer was never created.
    std::optional<OfferFigures> find(const TenantId& tenant, const OfferId& id);

    /// False: the read model is still one that keeps no versions, or has not come that far.
    bool can_tell(Position at) {
        return lease_.position() >= at && lease_.has_table("offer_analytics_versions");
    }

    /// As they were after the event at `at`. nullopt: the offer was not created then.
    std::optional<OfferFigures> find_at(const TenantId& tenant, const OfferId& id, Position at);

    /// Positions of events about failed attempts at the offer, above `after`, in order.
    std::vector<Position> failures(
        const TenantId& tenant, const OfferId& id, Position after, std::size_t limit
    );

private:
    void read_failures(
        const TenantId& tenant, const OfferId& id, Position upto, OfferFigures& figures
    );

    Lease lease_;
};

}  // namespace vitrine::projections
