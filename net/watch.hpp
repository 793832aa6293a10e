#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace vitrine::net {

/// A deadline over several steps: when it comes, it aborts the step of the moment.
///
/// Concurrency: all on the loop given.
class Watch {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Watch(const boost::asio::any_io_executor& loop, TimePoint end);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    bool expired() const;
    TimePoint end() const;
    /// Replaces what was to be aborted before. Called now if the time is already up. Empty:
    /// nothing.
    void aborts(std::function<void()> abort);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace vitrine::net
