#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "projections/page.hpp"
#include "projections/read_model.hpp"

namespace vitrine::projections {

struct ActivityEntry {
    Position position = 0;
    Timestamp at;
    std::string actor, type, stream, offer_id, product_id, clubify_product_id, summary;
};

struct ActivityFilter {
    std::string actor;     // empty: any
    std::string offer_id;  // empty: any
    std::string search;    // folded (core/text.hpp); empty: any
    /// Whether `search` is in what is known of the entry elsewhere.
    std::function<bool(const ActivityEntry&)> found_elsewhere;
    std::optional<Position> before;
    std::size_t limit = 50;
};

/// Look-ups in the read model `activity`, on the caller's thread.
class ActivityReader {
public:
    explicit ActivityReader(Lease lease) : lease_(std::move(lease)) {}

    Position position() const { return lease_.position(); }

    /// The newest first; `next` is `before` of the next page.
    Page<ActivityEntry, Position> list(const TenantId& tenant, const ActivityFilter& filter);

    /// Entries that one page looks at.
    static constexpr std::size_t most_searched = 10'000;

private:
    Lease lease_;
};

}  // namespace vitrine::projections
