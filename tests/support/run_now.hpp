#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace vitrine::tests {

/// What comes of the work, on a loop of its own.
template <class T>
T run_now(boost::asio::awaitable<T> work) {
    boost::asio::io_context loop(1);
    auto result = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
    loop.run();
    return result.get();
}

}  // namespace vitrine::tests
