#pragma once

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <expected>
#include <type_traits>
#include <utility>

#include "core/async.hpp"
#include "store/event_store.hpp"

namespace vitrine::store {

/// What `work` answers, which reads of the store as if it could wait: for a loop, which must not.
///
/// Operation: where reads take microseconds it is called at once, on the caller's thread; otherwise
/// on one of the engine's, and the coroutine resumes on its own executor. Until then anything else
/// may happen on the loop, so that what was read may be over: what must hold is held before (a
/// turn), or checked by the append (a version, a claim). `work` may refer to whatever lives as long
/// as the coroutine that awaits it, and to nothing that the loop changes meanwhile. Errors: what it
/// throws is thrown here.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> read(EventStore& store, Work work) {
    using Answer = std::invoke_result_t<Work&>;
    using Answered = std::expected<Answer, std::exception_ptr>;
    auto* threads = store.read_threads();
    if (threads == nullptr) co_return work();
    const auto answer = [&work]() -> Answered {
        try {
            if constexpr (std::is_void_v<Answer>) {
                work();
                return {};
            } else {
                return work();
            }
        } catch (...) {
            return std::unexpected(std::current_exception());
        }
    };
    auto answered = co_await wait_for_completion<Answered>([&](Completion<Answered> done) {
        threads->run([&answer, done = std::move(done)]() mutable { done(answer()); });
    });
    if (!answered) std::rethrow_exception(answered.error());
    if constexpr (!std::is_void_v<Answer>) co_return *std::move(answered);
}

}  // namespace vitrine::store
