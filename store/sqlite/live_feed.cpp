#include "store/sqlite/live_feed.hpp"

#include <algorithm>

namespace vitrine::store::sqlite {
namespace {

constexpr std::size_t byte_limit = 16 * 1024 * 1024;

std::size_t bytes_of(const std::vector<RecordedEvent>& events) {
    std::size_t bytes = 0;
    for (const auto& event : events) {
        bytes += sizeof event + event.data.size() + event.metadata.size();
    }
    return bytes;
}

}  // namespace

void LiveFeed::publish(std::vector<RecordedEvent> events) noexcept {
    if (events.empty()) return;
    const auto head = events.back().position;
    const auto bytes = bytes_of(events);
    auto batch = std::make_shared<const std::vector<RecordedEvent>>(std::move(events));
    std::vector<Batch> dropped;  // freed after the lock
    {
        const std::scoped_lock lock(mutex_);
        events_ += batch->size();
        bytes_ += bytes;
        batches_.push_back(std::move(batch));
        while (batches_.size() > 1 && (events_ > event_limit_ || bytes_ > byte_limit)) {
            events_ -= batches_.front()->size();
            bytes_ -= bytes_of(*batches_.front());
            dropped.push_back(std::move(batches_.front()));
            batches_.pop_front();
        }
        head_.store(head, std::memory_order_release);
    }
    changed_.notify_all();
}

void LiveFeed::restart(Position head) {
    {
        const std::scoped_lock lock(mutex_);
        batches_.clear();
        events_ = 0;
        bytes_ = 0;
        head_.store(head, std::memory_order_release);
    }
    changed_.notify_all();
}

LiveFeed::Batch LiveFeed::after(Position position) const {
    const std::scoped_lock lock(mutex_);
    if (batches_.empty() || batches_.front()->front().position > position + 1) return nullptr;
    const auto found = std::ranges::upper_bound(batches_, position, {}, [](const Batch& batch) {
        return batch->back().position;
    });
    return found == batches_.end() ? nullptr : *found;
}

void LiveFeed::wait_beyond(Position position, const std::atomic<bool>& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return head() > position || stop || is_closed(); });
}

void LiveFeed::wake() {
    // Taking the lock orders this after the check of whoever is about to wait.
    {
        const std::scoped_lock lock(mutex_);
    }
    changed_.notify_all();
}

void LiveFeed::close() {
    closed_.store(true, std::memory_order_release);
    wake();
}

}  // namespace vitrine::store::sqlite
