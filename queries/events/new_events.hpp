#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/ids.hpp"
#include "projections/waiters.hpp"
#include "store/event_store.hpp"

namespace vitrine::queries {

/// Wakes those who follow the log, and keeps the newest events as CloudEvents so that each is made
/// once, however many follow.
///
/// Operation: a thread of its own waits for the log. Concurrency: any thread.
class NewEvents {
public:
    explicit NewEvents(store::EventStore& store);
    ~NewEvents();
    NewEvents(const NewEvents&) = delete;
    NewEvents& operator=(const NewEvents&) = delete;

    /// True once there is an event beyond `position`; false at the deadline or when closed.
    boost::asio::awaitable<bool> wait_beyond(
        Position position, std::chrono::steady_clock::time_point deadline
    );

    std::shared_ptr<const std::string> cloud_event(const events::RecordedEvent& event);

    /// Ends every wait, now and from now on.
    void close();
    bool is_closed() const { return closed_; }

private:
    struct Kept {
        Position position = 0;
        std::shared_ptr<const std::string> text;
    };

    projections::Waiters waiters_;
    std::unique_ptr<store::Subscription> log_;
    std::atomic<bool> closed_ = false;
    std::mutex mutex_;
    std::vector<Kept> kept_;  // a position's place is its remainder
    std::thread thread_;      // last: it uses the others
};

}  // namespace vitrine::queries
