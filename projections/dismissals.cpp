#include "projections/dismissals.hpp"

#include "events/codec.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t page = 1000;

}  // namespace

std::set<Position> dismissals(store::EventStore& store, const std::string& projection) {
    store::Filter filter;
    filter.types = {"ParkedStreamDismissed"};
    std::set<Position> found;
    for (Position from = 1;;) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        for (const auto& event : events) {
            const auto decision = events::decode_projection_event(event).value();
            const auto& dismissed = std::get<events::ParkedStreamDismissed>(decision);
            if (dismissed.projection != projection) continue;
            found.insert(dismissed.positions.begin(), dismissed.positions.end());
        }
        if (events.size() < page) return found;
        from = events.back().position + 1;
    }
}

}  // namespace vitrine::projections
