#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::store::sqlite {

/// What was committed last, kept for subscribers that keep up: the writer puts each commit in,
/// readers take shared batches out, and what is too old falls out at the other end.
///
/// Concurrency: any thread; the lock is held for moving pointers only.
class LiveFeed {
public:
    using Batch = std::shared_ptr<const std::vector<RecordedEvent>>;

    LiveFeed(Position head, std::size_t event_limit) : head_(head), event_limit_(event_limit) {}

    Position head() const { return head_.load(std::memory_order_acquire); }

    /// The next commit; positions follow those before. The events are on disk already: to run out
    /// of memory here ends the program.
    void publish(std::vector<RecordedEvent> events) noexcept;

    /// After a commit whose outcome had to be looked up: what is up to `head` is on disk only.
    void restart(Position head);

    /// The first batch that has events after `position`. Null: they are on disk only, or there are
    /// none yet.
    Batch after(Position position) const;

    /// Waits until the head is beyond `position`, or `stop`, or the feed is closed.
    void wait_beyond(Position position, const std::atomic<bool>& stop);

    /// Everyone who waits looks again.
    void wake();

    void close();
    bool is_closed() const { return closed_.load(std::memory_order_acquire); }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> batches_;
    std::size_t events_ = 0;
    std::size_t bytes_ = 0;
    std::atomic<Position> head_;
    std::atomic<bool> closed_ = false;
    std::size_t event_limit_;
};

}  // namespace vitrine::store::sqlite
