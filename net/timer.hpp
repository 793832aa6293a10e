#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace vitrine::net {

/// Waits on the coroutine's executor. Returns early, without an exception, when cancelled.
boost::asio::awaitable<void> wait_for(std::chrono::milliseconds duration);

}  // namespace vitrine::net
