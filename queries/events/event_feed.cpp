#include "queries/events/event_feed.hpp"

#include <algorithm>

#include "events/catalogue.hpp"
#include "queries/events/cloud_events.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

store::Filter read_filter(
    const TenantId& tenant, const FeedParameters& parameters, std::vector<Fault>& faults
) {
    store::Filter filter;
    filter.tenant = tenant;
    if (parameters.category) {
        filter.category = *parameters.category;
        const auto known =
            std::ranges::any_of(events::catalogue(), [&](const events::EventType& type) {
                return type.category == filter.category;
            });
        if (!known) {
            faults.push_back(
                {"/category", "unknown", "category is offer, product, command or projection"}
            );
        }
    }
    for (const auto& list : parameters.types) {
        for (auto& type : split_list(list)) {
            if (events::find_event_type(type) == nullptr) {
                faults.push_back({"/type", "unknown", "there is no event type " + type});
            }
            filter.types.push_back(std::move(type));
        }
    }
    return filter;
}

}  // namespace

Result event_feed(const ReadSide& reads, const TenantId& tenant, const FeedParameters& parameters) {
    std::vector<Fault> faults;
    const auto filter = read_filter(tenant, parameters, faults);
    const auto limit = read_limit(parameters.limit, faults);
    const auto from = parameters.from ? parse_number(*parameters.from) : 1;
    if (!from) faults.push_back({"/from", "invalid", "from is a position: a whole number"});
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    // Before reading, so that next_position never passes over an event that comes meanwhile.
    const auto head = reads.store.head();
    const auto start = std::max<Position>(*from, 1);
    const auto events = reads.store.read_all(start, filter, limit, store::Direction::forwards);
    auto next = std::max(start, head + 1);
    if (!events.empty()) {
        const auto after = events.back().position + 1;
        next = events.size() == limit ? after : std::max(next, after);
    }
    Answer answer;
    answer.position = head;
    answer.body = open_event_page(events) + ",\"next_position\":" + std::to_string(next) + '}';
    return answer;
}

}  // namespace vitrine::queries
