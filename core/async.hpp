#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>

namespace vitrine {

namespace asio = boost::asio;

template <class T>
using Completion = std::move_only_function<void(T)>;

/// Calls `start` with a completion and waits until someone, on any thread, calls it; resumes on the
/// coroutine's own executor. `start` is run at once, on the caller's thread, and must lead to
/// exactly one completion.
template <class T, class Start>
asio::awaitable<T> wait_for_completion(Start start) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(T)>(
        [](auto handler, Start begin) {
            auto executor = asio::get_associated_executor(handler);
            auto work = asio::make_work_guard(executor);
            begin(Completion<T>([handler = std::move(handler),
                                 work = std::move(work)](T result) mutable {
                auto home = work.get_executor();
                asio::post(
                    home,
                    [handler = std::move(handler), result = std::move(result)]() mutable {
                        std::move(handler)(std::move(result));
                    }
                );
                work.reset();
            }));
        },
        asio::use_awaitable,
        std::move(start)
    );
}

}  // namespace vitrine
