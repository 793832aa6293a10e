#include "queries/offers/missing_version.hpp"

#include <algorithm>
#include <string>

namespace vitrine::queries {
namespace {

constexpr Term given_up_words{
    "was given up by an operator", "foi abandonado por quem opera o serviço"
};
constexpr Term parked_words{
    "is parked until an operator retries or dismisses it",
    "está retido até que quem opera o serviço o repita ou dispense"
};

}  // namespace

std::optional<store::RecordedEvent> last_event_of(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, Position at
) {
    if (at == 0) return std::nullopt;  // which the log takes for its end
    store::Filter filter;
    filter.tenant = tenant;
    filter.stream = events::stream_of(id);
    auto found = reads.store.read_all(at, filter, 1, store::Direction::backwards);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

QueryError why_missing(
    const ReadSide& reads, std::string_view model, const store::RecordedEvent& event
) {
    const auto parked = reads.projections.parked(model, event.tenant);
    const auto found =
        std::ranges::find(parked, event.position, &projections::ParkedEvent::position);
    if (found == parked.end()) return not_ready();
    const bool given_up = found->state == projections::ParkedState::dismissed;
    auto error = not_ready_until_decided(phrase(
        "version {}, the event at position {}, {}: {}",
        "o evento da versão {}, na posição {}, {}: {}",
        event.version,
        event.position,
        given_up ? given_up_words : parked_words,
        found->reason
    ));
    if (given_up) {
        error.kind = QueryError::Kind::given_up;
        error.retry_after.reset();
    }
    return error;
}

}  // namespace vitrine::queries
