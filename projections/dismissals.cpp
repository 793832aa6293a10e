#include "projections/dismissals.hpp"

#include "events/codec.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t page = 1000;

}  // namespace

std::string why_dismissed(const events::ParkedStreamDismissed& dismissal, std::size_t index) {
    auto cause = index < dismissal.causes.size() ? dismissal.causes[index] : std::string();
    if (cause.empty() && dismissal.reason.empty()) return "dismissed";
    if (dismissal.reason.empty()) return cause;
    return cause.empty() ? dismissal.reason : cause + "; dismissed: " + dismissal.reason;
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
    Dismissals found;
    for (Position from = 1;;) {
        const auto events = store.read_all(from, filter, page, store::Direction::forwards);
        for (const auto& event : events) {
            const auto decision = events::decode_projection_event(event).value();
            const auto& dismissed = std::get<events::ParkedStreamDismissed>(decision);
            if (dismissed.projection != projection) continue;
            found.merge(dismissals_of(dismissed));
        }
        if (events.size() < page) return found;
        from = events.back().position + 1;
    }
}

}  // namespace vitrine::projections
