#include "store/sqlite/following_subscription.hpp"

#include <algorithm>

namespace vitrine::store::sqlite {

FollowingSubscription::FollowingSubscription(
    const std::filesystem::path& directory,
    std::shared_ptr<ReaderPool> readers,
    Position after,
    Filter filter
)
    : readers_(std::move(readers)),
      filter_(std::move(filter)),
      watch_(directory),
      position_(after) {}

std::vector<RecordedEvent> FollowingSubscription::next(std::size_t limit) {
    while (true) {
        auto events = poll(limit);
        if (!events.empty() || closed_) return events;
        watch_.wait();
    }
}

std::size_t FollowingSubscription::poll(std::size_t limit, const Take& take) {
    if (closed_) return 0;
    std::vector<RecordedEvent> events;
    const auto scanned = readers_->use([&](Reader& reader) {
        return reader.events.page(events, position_ + 1, filter_, limit, Direction::forwards);
    });
    if (scanned > position_) watch_.found();
    std::size_t count = 0;
    for (const auto& event : events) {
        position_ = event.position;
        ++count;
        if (!take(event)) return count;
    }
    position_ = std::max(position_.load(), scanned);
    return count;
}

void FollowingSubscription::close() {
    closed_ = true;
    watch_.stop();
}

}  // namespace vitrine::store::sqlite
