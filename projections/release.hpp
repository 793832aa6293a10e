#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/phrase.hpp"
#include "core/time.hpp"
#include "core/uuid.hpp"
#include "events/envelope.hpp"
#include "projections/parked.hpp"
#include "projections/projector.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

/// What an operator decides about the parked events of a stream.
struct Release {
    enum class Kind {
        retry,
        dismiss,      // gives up the first, the one that the others wait for; those are tried again
        dismiss_all,  // gives up all of the stream
    };
    Kind kind = Kind::retry;
    TenantId tenant;
    StreamName stream;
    std::string reason;          // of a dismissal; may be empty
    std::string actor;           // the principal
    std::string correlation_id;  // empty: the event's own id
};

struct ReleaseReport {
    Position position = 0;        // of the event that says so
    std::uint64_t dismissed = 0;  // events
    std::uint64_t applied = 0;
    std::uint64_t parked = 0;  // that still are, of what waited together
    std::string reason;        // why the first of these could not be applied; empty: none is left
};

/// Why a decision was not recorded.
struct ReleaseError {
    Phrase why;                                    // a sentence without its full stop
    std::optional<store::AppendError> not_stored;  // nullopt: there is nothing to decide about
};

/// The append of the decision to the stream projection-<name>: the runner does it when it comes
/// there, in one transaction. Refused if nothing of the stream is parked.
std::expected<store::Append, ReleaseError> release_append(
    const Projection& projection,
    const std::vector<ParkedEvent>& parked,
    const Release& release,
    const UuidSource& new_id,
    const Clock& clock
);

/// What became of it, by the parked events before and after.
ReleaseReport release_report(
    const Projection& projection,
    const std::vector<ParkedEvent>& before,
    const std::vector<ParkedEvent>& after,
    const Release& release
);

}  // namespace vitrine::projections
