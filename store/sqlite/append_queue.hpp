#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::store::sqlite {

/// An append that waits for the writer.
struct Pending {
    Append append;
    AppendDone done;
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point since = {};  // it is in the queue
};

/// Appends of all threads, in the order in which they came, bounded by number and bytes.
class AppendQueue {
public:
    AppendQueue(std::size_t limit, std::size_t byte_limit)
        : limit_(limit), byte_limit_(byte_limit) {}

    /// nullopt: taken. Otherwise the reason, and `pending` is as it was.
    std::optional<AppendError> push(Pending& pending);

    /// The next appends, at least one, at most so many; waits for it. Empty: closed and drained.
    /// Valid until the next call. Writer's thread only.
    std::span<Pending> take(std::size_t appends, std::size_t bytes);

    /// Waits, but not longer than this, until take would not. False: it would. Writer's thread
    /// only.
    bool wait_filled(std::chrono::milliseconds at_most);

    /// No more is taken in; what is there will still be handed out.
    void close();
    bool is_closed();

    /// Waits, but not longer than this, for close.
    void wait_closed(std::chrono::milliseconds at_most);

    std::size_t size() const { return size_.load(std::memory_order_relaxed); }

private:
    bool take_over();
    void linger() const;

    std::size_t limit_;
    std::size_t byte_limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Pending> pending_;
    std::vector<Pending> taken_over_;     // the writer's, before those of pending_
    std::size_t next_ = 0;                // of taken_over_
    std::atomic<std::size_t> bytes_ = 0;  // of both, as is the size
    std::atomic<std::size_t> size_ = 0;
    bool waiting_ = false;
    bool closed_ = false;
};

}  // namespace vitrine::store::sqlite
