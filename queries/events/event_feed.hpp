#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// As they came in; absent: nullopt.
struct FeedParameters {
    std::optional<std::string> from;      // position, inclusive; default 1
    std::optional<std::string> category;  // offer, product, command
    std::vector<std::string> types;       // any of them; empty: all. Comma lists are taken apart
    std::optional<std::string> limit;     // 1…1000, default 50; not of a stream
};

/// GET /v1/events -> {"events":[CloudEvent…],"next_position":N}, the tenant's own only. The next
/// page begins at next_position, which is above the head when there is no more yet. Reads the log
/// on the caller's thread.
Result event_feed(const ReadSide& reads, const TenantId& tenant, const FeedParameters& parameters);

/// Which events a client follows, and from where.
struct Following {
    store::Filter filter;
    Position after = 0;
};

/// The same parameters, but no limit, for a client that follows the log.
/// `last_event_id`, the last position it has seen, goes before `from`; one above the head is
/// refused, as that log is not the one the client knows.
std::expected<Following, QueryError> follow_events(
    const ReadSide& reads,
    const TenantId& tenant,
    const FeedParameters& parameters,
    const std::optional<std::string>& last_event_id
);

}  // namespace vitrine::queries
