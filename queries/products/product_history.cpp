#include "queries/products/product_history.hpp"

#include "queries/events/cloud_events.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {

Result product_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const ProductId& id,
    const HistoryParameters& parameters
) {
    std::vector<Fault> faults;
    const auto limit = read_limit(parameters.limit, faults);
    const auto after = parameters.cursor ? decode_position_cursor(*parameters.cursor) : 0;
    if (!after)
        faults.push_back(
            {"/cursor", "invalid", {"cursor is not a next_cursor", "cursor não é um next_cursor"}}
        );
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    store::Filter filter;
    filter.tenant = tenant;
    filter.stream = events::stream_of(id);
    // One more than asked tells whether there is a next page.
    auto events = reads.store.read_all(*after + 1, filter, limit + 1, store::Direction::forwards);
    if (events.empty() && *after == 0)
        return std::unexpected(not_found({"there is no such product", "este produto não existe"}));

    Answer answer;
    if (events.size() > limit) {
        events.pop_back();
        answer.next_cursor = encode_position_cursor(events.back().position);
    }
    if (!events.empty()) answer.position = events.back().position;
    answer.body = history_page(events, answer.next_cursor);
    return answer;
}

}  // namespace vitrine::queries
