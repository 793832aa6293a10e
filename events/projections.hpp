#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"

namespace vitrine::events {

// What an operator decided about parked events of a read model. The names of these types and of
// their members are the format of the log. Stream: projection-<name>.

/// The events of a stream that a projection has parked are to be tried again.
struct ParkedStreamRetried {
    std::string projection;
    StreamName stream;  // the parked one, of the same tenant
    bool operator==(const ParkedStreamRetried&) const = default;
};

/// These parked events of a stream will never be in the projection; what waited for them is tried
/// again.
struct ParkedStreamDismissed {
    std::string projection;
    StreamName stream;
    std::vector<Position> positions;
    std::string reason;                    // the operator's; may be empty
    std::vector<std::string> causes = {};  // why each was parked; none: not kept in older events
    bool operator==(const ParkedStreamDismissed&) const = default;
};

using ProjectionEvent = std::variant<ParkedStreamRetried, ParkedStreamDismissed>;

/// "projection-<name>"
StreamName projection_stream(const std::string& name);

}  // namespace vitrine::events
