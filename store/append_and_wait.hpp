#pragma once

#include "store/event_store.hpp"

namespace vitrine::store {

/// Appends, and waits on the caller's thread until the log has answered. Not for the writer's
/// thread or one that serves.
AppendResult append_and_wait(EventStore& store, Append append);

}  // namespace vitrine::store
