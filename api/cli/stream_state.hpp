#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

/// The state of a stream as JSON, folded from its events up to a version or time (of recording): of
/// an offer or product what its route answers, of any other stream its events. nullopt: there was
/// nothing then.
std::optional<std::string> stream_state(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    std::optional<Version> at_version,
    std::optional<Timestamp> at
);

}  // namespace vitrine::api
