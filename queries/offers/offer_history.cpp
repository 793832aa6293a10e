#include "queries/offers/offer_history.hpp"

#include <map>

#include "events/codec.hpp"
#include "events/failures.hpp"
#include "projections/offer_analytics/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::queries {
namespace {

using Page = std::map<Position, store::RecordedEvent>;

constexpr std::size_t tail_page = 500;

/// Failed attempts that the read model knows. The answer: up to where it knows them.
Position add_known_failures(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    Position after,
    std::size_t limit,
    Page& page
) {
    auto lease = reads.projections.read_model(analytics_model).lease();
    if (!lease) return 0;
    projections::AnalyticsReader analytics(std::move(*lease));
    store::Filter filter;
    filter.tenant = tenant;
    for (const auto position : analytics.failures(tenant, id, after, limit)) {
        auto found = reads.store.read_all(position, filter, 1, store::Direction::forwards);
        if (!found.empty() && found.front().position == position) {
            page.emplace(position, std::move(found.front()));
        }
    }
    return analytics.position();
}

/// Failed attempts in the part of the log that the read model has not applied yet.
void add_new_failures(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    Position after,
    std::size_t limit,
    Page& page
) {
    store::Filter filter;
    filter.tenant = tenant;
    filter.category = "command";
    const events::Subject subject{"offer", id.str()};
    std::size_t found = 0;
    while (found < limit) {
        auto events =
            reads.store.read_all(after + 1, filter, tail_page, store::Direction::forwards);
        const bool last = events.size() < tail_page;
        if (!last) after = events.back().position;
        for (auto& event : events) {
            const auto failure = events::decode<events::CommandFailed>(event);
            if (!failure || failure->subject != subject) continue;
            ++found;
            page.emplace(event.position, std::move(event));
        }
        if (last) return;
    }
}

}  // namespace

Result offer_history(
    const ReadSide& reads,
    const TenantId& tenant,
    const OfferId& id,
    const HistoryParameters& parameters
) {
    const auto request = read_history(parameters);
    if (!request) return std::unexpected(request.error());
    const auto after = request->after;
    const auto wanted = request->wanted();
    Page page;
    const auto known = add_known_failures(reads, tenant, id, after, wanted, page);
    add_new_failures(reads, tenant, id, std::max(after, known), wanted, page);
    store::Filter filter;
    filter.tenant = tenant;
    filter.stream = events::stream_of(id);
    for (auto& event :
         reads.store.read_all(after + 1, filter, wanted, store::Direction::forwards)) {
        page.emplace(event.position, std::move(event));
    }
    if (page.empty() && after == 0)
        return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));

    const auto position = std::max(known, page.empty() ? 0 : page.rbegin()->first);
    std::vector<store::RecordedEvent> events;
    for (auto& [_, event] : page) {
        if (events.size() == wanted) break;
        events.push_back(std::move(event));
    }
    auto answer = history_answer(*request, std::move(events));
    answer.position = position;
    return answer;
}

}  // namespace vitrine::queries
