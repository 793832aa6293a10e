#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>

#include "api/control/operations.hpp"

// For the .cpp files of this folder that wait for what a loop does.
namespace vitrine::api {

/// What comes of the work, on a loop that this thread runs until then.
template <class T>
T run_on(boost::asio::io_context& loop, boost::asio::awaitable<T> work) {
    auto future = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
    while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        loop.restart();
        loop.run_one();
    }
    return future.get();
}

/// Waits for what another thread's loop does, but not beyond the end of whoever asked; then false.
template <class T>
bool is_there(std::future<T>& future, const Cancelled& cancelled) {
    constexpr std::chrono::milliseconds look_again{100};
    while (future.wait_for(look_again) != std::future_status::ready) {
        if (cancelled()) return false;
    }
    return true;
}

}  // namespace vitrine::api
