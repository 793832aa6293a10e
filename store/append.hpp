#pragma once

#include <boost/asio/awaitable.hpp>

#include "store/event_store.hpp"

namespace vitrine::store {

/// Appends, and resumes on the coroutine's own executor when the log has answered.
boost::asio::awaitable<AppendResult> append_to(EventStore& store, Append append);

/// Appends, and waits on the caller's thread until the log has answered. Not for the writer's
/// thread or one that serves.
AppendResult append_and_wait(EventStore& store, Append append);

}  // namespace vitrine::store
