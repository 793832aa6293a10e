#include "projections/dismissals.hpp"

#include "events/codec.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t page = 1000;

}  // namespace

std::optional<events::ProjectionEvent> decision_in(const events::RecordedEvent& event) {
    try {
        return events::decode<events::ProjectionEvent>(event);
    } catch (const events::UnreadableEvent&) {
        return std::nullopt;
    }
}

std::string why_dismissed(const events::ParkedStreamDismissed& dismissal, std::size_t index) {
    auto cause = index < dismissal.causes.size() ? dismissal.causes[index] : std::string();
    if (cause.empty() && dismissal.reason.empty()) return "dismissed";
    if (dismissal.reason.empty()) return cause;
    return cause.empty() ? dismissal.reason : cause + "; dismissed: " + dismissal.reason;
}

std::optional<ParkedEvent> given_up(
    const Dismissals& dismissals, const events::RecordedEvent& event
) {
    const auto found = dismissals.find(event.position);
    if (found == dismissals.end()) return std::nullopt;
    return parked_event(event, found->second, ParkedState::dismissed);
}

Dismissals dismissals_of(const events::ParkedStreamDismissed& dismissal) {
    Dismissals found;
    for (std::size_t i = 0; i < dismissal.positions.size(); ++i) {
        found[dismissal.positions[i]] = why_dismissed(dismissal, i);
    }
    return found;
}

Dismissals dismissals(store::EventStore& store, const std::string& projection) {
    store::Filter filter;
    filter.types = {"ParkedStreamDismissed"};
    const auto decisions = events::projection_stream(projection);
    Dismissals found;
    for (Position from = 1;;) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        for (const auto& event : events) {
            if (event.stream != decisions) continue;
            if (const auto decision = decision_in(event)) {
                found.merge(dismissals_of(std::get<events::ParkedStreamDismissed>(*decision)));
            }
        }
        if (events.size() < page) return found;
        from = events.back().position + 1;
    }
}

}  // namespace vitrine::projections
