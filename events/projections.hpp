#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "events/describe.hpp"

namespace vitrine::events {

// What an operator decided about parked events of a read model. The names of these types and of
// their members are the format of the log. Stream: projection-<name>.

/// The events of a stream that a projection has parked are to be tried again.
struct ParkedStreamRetried {
    static constexpr std::string_view event_type = "ParkedStreamRetried";
    std::string projection;
    StreamName stream;  // the parked one, of the same tenant
    bool operator==(const ParkedStreamRetried&) const = default;
};
BOOST_DESCRIBE_STRUCT(ParkedStreamRetried, (), (projection, stream))

/// These parked events of a stream will never be in the projection; what waited for them is tried
/// again.
struct ParkedStreamDismissed {
    static constexpr std::string_view event_type = "ParkedStreamDismissed";
    std::string projection;
    StreamName stream;
    std::vector<Position> positions;
    std::string reason;                    // the operator's; may be empty
    std::vector<std::string> causes = {};  // why each was parked; none: not kept in older events
    bool operator==(const ParkedStreamDismissed&) const = default;
};
BOOST_DESCRIBE_STRUCT(ParkedStreamDismissed, (), (projection, stream, positions, reason, causes))

using ProjectionEvent = std::variant<ParkedStreamRetried, ParkedStreamDismissed>;

template <>
inline constexpr std::string_view category_of_events<ProjectionEvent> = "projection";
template <>
inline constexpr bool absent_when_empty<&ParkedStreamDismissed::causes> = true;

/// "projection-<name>"
StreamName projection_stream(const std::string& name);

}  // namespace vitrine::events
