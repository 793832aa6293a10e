#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "events/envelope.hpp"
#include "store/event_store.hpp"

namespace vitrine::store {

/// Who folds a stream into a state. Another version makes another state of the same events.
struct DeciderVersion {
    std::string_view name;
    int version = 1;
};

/// The state of a stream after one of its events.
struct Snapshot {
    Version version = 0;  // of that event
    events::Hash hash{};  // of that event: the log must still have it
    std::string state;    // as the decider wrote it
};

/// States of long streams, kept so that they need not be folded from their beginning.
///
/// A cache: what is lost, damaged or of another version is as if it had never been there, and no
/// member throws. The caller checks `hash` against the log. Any thread.
class Snapshots {
public:
    virtual ~Snapshots() = default;

    virtual std::optional<Snapshot> newest(
        const TenantId& tenant, const StreamName& stream, const DeciderVersion& decider
    ) = 0;
    virtual void save(
        const TenantId& tenant,
        const StreamName& stream,
        const DeciderVersion& decider,
        const Snapshot& snapshot
    ) = 0;
    /// All of a stream.
    virtual void drop(const TenantId& tenant, const StreamName& stream) = 0;
};

}  // namespace vitrine::store
