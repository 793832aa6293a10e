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

std::optional<std::vector<SharedEvent>> LiveSubscription::advance(std::size_t limit) {
    while (true) {
        const auto before = position_.load();
        std::vector<SharedEvent> events;
        hand_over(limit, [&events](const LiveFeed::Batch& batch, const RecordedEvent& event) {
            events.emplace_back(batch, &event);
            return true;
        });
        if (!events.empty() || position_ != before) return events;
        if (closed_ || feed_->is_closed()) return std::nullopt;
        feed_->wait_beyond(position_, closed_);
    }
}

std::size_t LiveSubscription::poll(std::size_t limit, const Take& take) {
    return hand_over(limit, [&take](const LiveFeed::Batch&, const RecordedEvent& event) {
        return take(event);
    });
}

/// `take` is given each event with the batch that holds it.
template <class TakeOf>
std::size_t LiveSubscription::hand_over(std::size_t limit, const TakeOf& take) {
    std::size_t count = 0;
    bool wanted = limit > 0;
    const auto one = [&](const LiveFeed::Batch& batch, const RecordedEvent& event) {
        position_ = event.position;
        if (!filter_.matches(event)) return;
        ++count;
        wanted = take(batch, event) && count < limit;
    };
    while (!closed_ && wanted && position_ < feed_->head()) {
        if (const auto batch = feed_->after(position_)) {
            for (const auto& event : *batch) {
                if (event.position <= position_) continue;
                one(batch, event);
                if (!wanted) break;
            }
            continue;
        }
        auto read = std::make_shared<std::vector<RecordedEvent>>();
        const auto scanned = readers_->use([&](Reader& reader) {
            return reader.events.page(
                *read, position_ + 1, filter_, limit - count, Direction::forwards
            );
        });
        const LiveFeed::Batch page = std::move(read);
        for (const auto& event : *page) {
            one(page, event);
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
