#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

#include "core/ids.hpp"

namespace vitrine::projections {

namespace asio = boost::asio;

/// Coroutines that wait until a position is reached. Any thread; each resumes on its own executor,
/// whose loop is run by one thread.
class Waiters {
public:
    Waiters();
    ~Waiters();

    /// True once `position` is reached; false at the deadline or when closed.
    asio::awaitable<bool> wait_until(
        Position position, std::chrono::steady_clock::time_point deadline
    );

    void reached(Position position);

    /// Ends every wait, now and from now on, with false.
    void close();

private:
    struct State;
    std::shared_ptr<State> state_;  // shared with timers that outlive this
};

}  // namespace vitrine::projections
