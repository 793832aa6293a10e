#include "projections/release.hpp"

#include <algorithm>
#include <span>

#include "events/codec.hpp"
#include "events/new_event.hpp"
#include "events/projections.hpp"

namespace vitrine::projections {
namespace {

bool waits(const ParkedEvent& event) {
    return event.state != ParkedState::dismissed;
}

/// Of the stream itself.
std::vector<const ParkedEvent*> waiting_of(
    const std::vector<ParkedEvent>& parked, const StreamName& stream
) {
    std::vector<const ParkedEvent*> waiting;
    for (const auto& event : parked) {
        if (waits(event) && event.stream == stream) waiting.push_back(&event);
    }
    return waiting;
}

/// Of what waits together with the stream.
std::vector<const ParkedEvent*> group_of(
    const Projection& projection, const std::vector<ParkedEvent>& parked, const StreamName& stream
) {
    std::vector<const ParkedEvent*> group;
    for (const auto& event : parked) {
        const bool together = projection.poison == Poison::park_tenant || event.stream == stream;
        if (waits(event) && together) group.push_back(&event);
    }
    return group;
}

events::ProjectionEvent decision_of(
    const Projection& projection,
    const Release& release,
    std::span<const ParkedEvent* const> waiting
) {
    if (release.kind == Release::Kind::retry) {
        return events::ParkedStreamRetried{projection.name, release.stream};
    }
    if (release.kind == Release::Kind::dismiss) waiting = waiting.first(1);
    events::ParkedStreamDismissed dismissal{projection.name, release.stream, {}, release.reason};
    for (const auto* event : waiting) {
        dismissal.positions.push_back(event->position);
        dismissal.causes.push_back(event->reason);
    }
    return dismissal;
}

}  // namespace

std::expected<store::Append, ReleaseError> release_append(
    const Projection& projection,
    const std::vector<ParkedEvent>& parked,
    const Release& release,
    const UuidSource& new_id,
    const Clock& clock
) {
    const auto waiting = waiting_of(parked, release.stream);
    if (waiting.empty()) {
        return std::unexpected(ReleaseError{
            phrase(
                "{} has no parked event of the stream {}",
                "{} não tem evento retido do fluxo {}",
                projection.name,
                release.stream.str()
            ),
            std::nullopt
        });
    }
    const EventId id(new_id());
    events::Metadata metadata;
    metadata.correlation_id =
        CorrelationId(release.correlation_id.empty() ? id.str() : release.correlation_id);
    metadata.command_id = CommandId(new_id());
    metadata.actor = release.actor;
    auto event = events::new_event(
        id, events::encode(decision_of(projection, release, waiting)), metadata, clock()
    );
    store::Append append;
    append.tenant = release.tenant;
    append.streams.push_back(
        {events::projection_stream(projection.name),
         store::ExpectedVersion::any(),
         {std::move(event)}}
    );
    return append;
}

ReleaseReport release_report(
    const Projection& projection,
    const std::vector<ParkedEvent>& before,
    const std::vector<ParkedEvent>& after,
    const Release& release
) {
    ReleaseReport report;
    const auto left = group_of(projection, after, release.stream);
    report.parked = left.size();
    if (!left.empty()) report.reason = left.front()->reason;
    for (const auto* event : group_of(projection, before, release.stream)) {
        const auto found = std::ranges::find(after, event->position, &ParkedEvent::position);
        if (found == after.end()) {
            ++report.applied;
        } else if (found->state == ParkedState::dismissed) {
            ++report.dismissed;
        }
    }
    return report;
}

}  // namespace vitrine::projections
