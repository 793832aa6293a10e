#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::api {

/// The state of a stream as JSON, folded from its events up to a version or time (of recording):
/// where a read model has a row of it, what its route answers; of streams from which nothing is
/// decided their events. nullopt: there was nothing then.
std::optional<std::string> stream_state(
    store::EventStore& store,
    const TenantId& tenant,
    const StreamName& stream,
    std::optional<Version> at_version,
    std::optional<Timestamp> at
);

/// Whether it is known what streams of the category fold into. Of others the events are told.
bool has_stream_state(std::string_view category);

}  // namespace vitrine::api
