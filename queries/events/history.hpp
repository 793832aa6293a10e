#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

// What has happened to one thing, as CloudEvents by position, page by page:
// {"items":[…],"events":[…],"next_cursor":…|null}.
namespace vitrine::queries {

/// As they came in; absent: nullopt.
struct HistoryParameters {
    std::optional<std::string> limit;   // 1…1000, default 50
    std::optional<std::string> cursor;  // next_cursor of the page before
};

struct HistoryRequest {
    std::size_t limit = 50;
    Position after = 0;

    /// One more than asked for tells whether there is a next page.
    std::size_t wanted() const { return limit + 1; }
};

std::expected<HistoryRequest, QueryError> read_history(const HistoryParameters& parameters);

/// Of up to `wanted()` events.
Answer history_answer(const HistoryRequest& request, std::vector<store::RecordedEvent> events);

/// Of a stream; `none`: what is said when there is none. Reads the log on the caller's thread.
Result stream_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const StreamName& stream,
    const HistoryParameters& parameters,
    const Term& none
);

}  // namespace vitrine::queries
