#pragma once

#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// The version since which no command has changed the stream, which is at `version`: what follows
/// are the general events of its process. Who has seen a version from there on has seen all that
/// was decided. Where reads may block.
Version unchanged_since(
    store::EventStore& store, const TenantId& tenant, const StreamName& stream, Version version
);

}  // namespace vitrine::commands
