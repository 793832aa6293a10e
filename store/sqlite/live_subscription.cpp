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

std::vector<RecordedEvent> LiveSubscription::poll(std::size_t limit) {
    std::vector<RecordedEvent> events;
    while (!closed_ && events.size() < limit && position_ < feed_->head()) {
        if (const auto batch = feed_->after(position_)) {
            for (const auto& event : *batch) {
                if (event.position <= position_) continue;
                if (events.size() == limit) break;
                position_ = event.position;
                if (filter_.matches(event)) events.push_back(event);
            }
            continue;
        }
        std::vector<RecordedEvent> page;
        position_ = readers_->use([&](Reader& reader) {
            return reader.events.page(
                page, position_ + 1, filter_, limit - events.size(), Direction::forwards
            );
        });
        std::ranges::move(page, std::back_inserter(events));
        // What is on disk comes in pages; who waits for the first need not wait for the last.
        if (!events.empty()) break;
    }
    return events;
}

void LiveSubscription::close() {
    closed_ = true;
    feed_->wake();
}

}  // namespace vitrine::store::sqlite
