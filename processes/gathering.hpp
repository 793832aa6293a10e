#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <exception>
#include <memory>

namespace vitrine::processes {

/// Work that goes on side by side, and the wait for all of it. What the first of those that fail
/// throws, the wait throws in the end.
///
/// Concurrency: one loop.
class Gathering {
public:
    explicit Gathering(const boost::asio::any_io_executor& loop)
        : state_(std::make_shared<State>(loop)) {}

    void add(boost::asio::awaitable<void> work) {
        ++state_->count;
        boost::asio::co_spawn(
            state_->timer.get_executor(),
            std::move(work),
            [state = state_](const std::exception_ptr& error) {
                if (error && !state->error) state->error = error;
                if (--state->count == 0) state->timer.cancel();
            }
        );
    }

    static boost::asio::awaitable<void> all(Gathering gathering) {
        const auto state = gathering.state_;
        while (state->count != 0) {
            boost::system::error_code ignored;
            state->timer.expires_at(boost::asio::steady_timer::time_point::max());
            co_await state->timer.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored)
            );
        }
        if (state->error) std::rethrow_exception(state->error);
    }

private:
    struct State {
        explicit State(const boost::asio::any_io_executor& loop) : timer(loop) {}
        boost::asio::steady_timer timer;
        std::size_t count = 0;
        std::exception_ptr error;
    };
    std::shared_ptr<State> state_;
};

}  // namespace vitrine::processes
