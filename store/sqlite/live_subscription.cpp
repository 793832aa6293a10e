#include "store/sqlite/live_subscription.hpp"

#include <algorithm>

namespace vitrine::store::sqlite {

LiveSubscription::LiveSubscription(
    std::shared_ptr<LiveFeed> feed,
    std::shared_ptr<ReaderPool> readers,
    Position after,
    Filter filter
)
    : feed_(std::move(feed)),
      readers_(std::move(readers)),
      filter_(std::move(filter)),
      position_(after) {}

std::vector<RecordedEvent> LiveSubscription::next(std::size_t limit) {
    while (true) {
        auto events = poll(limit);
        if (!events.empty() || closed_ || feed_->is_closed()) return events;
        feed_->wait_beyond(position_, closed_);
    }
}

std::size_t LiveSubscription::poll(std::size_t limit, const Take& take) {
    std::size_t count = 0;
    bool wanted = limit > 0;
    const auto hand_over = [&](const RecordedEvent& event) {
        position_ = event.position;
        if (!filter_.matches(event)) return;
        ++count;
        wanted = take(event) && count < limit;
    };
    while (!closed_ && wanted && position_ < feed_->head()) {
        if (const auto batch = feed_->after(position_)) {
            for (const auto& event : *batch) {
                if (event.position <= position_) continue;
                hand_over(event);
                if (!wanted) break;
            }
            continue;
        }
        std::vector<RecordedEvent> page;
        const auto scanned = readers_->use([&](Reader& reader) {
            return reader.events.page(
                page, position_ + 1, filter_, limit - count, Direction::forwards
            );
        });
        for (const auto& event : page) {
            hand_over(event);
            if (!wanted) return count;
        }
        position_ = scanned;
        // What is on disk comes in pages; who waits for the first need not wait for the last.
        if (count > 0) break;
    }
    return count;
}

void LiveSubscription::close() {
    closed_ = true;
    feed_->wake();
}

}  // namespace vitrine::store::sqlite
