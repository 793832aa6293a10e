#include "queries/events/history.hpp"

#include "queries/events/cloud_events.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {

std::expected<HistoryRequest, QueryError> read_history(const HistoryParameters& parameters) {
    std::vector<Fault> faults;
    HistoryRequest request;
    request.limit = read_limit(parameters.limit, faults);
    const auto after = parameters.cursor ? decode_position_cursor(*parameters.cursor) : 0;
    if (!after)
        faults.push_back(
            {"/cursor", "invalid", {"cursor is not a next_cursor", "cursor não é um next_cursor"}}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    request.after = *after;
    return request;
}

Answer history_answer(const HistoryRequest& request, std::vector<store::RecordedEvent> events) {
    Answer answer;
    if (events.size() > request.limit) {
        events.resize(request.limit);
        answer.next_cursor = encode_position_cursor(events.back().position);
    }
    if (!events.empty()) answer.position = events.back().position;
    answer.body = history_page(events, answer.next_cursor);
    return answer;
}

Result stream_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const StreamName& stream,
    const HistoryParameters& parameters,
    const Term& none
) {
    const auto request = read_history(parameters);
    if (!request) return std::unexpected(request.error());
    store::Filter filter;
    filter.tenant = tenant;
    filter.stream = stream;
    auto events = reads.store.read_all(
        request->after + 1, filter, request->wanted(), store::Direction::forwards
    );
    if (events.empty() && request->after == 0) return std::unexpected(not_found(none));
    return history_answer(*request, std::move(events));
}

}  // namespace vitrine::queries
