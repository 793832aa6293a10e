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

std::vector<RecordedEvent> FollowingSubscription::poll(std::size_t limit) {
    if (closed_) return {};
    std::vector<RecordedEvent> events;
    const auto scanned = readers_->use([&](Reader& reader) {
        return reader.events.page(events, position_ + 1, filter_, limit, Direction::forwards);
    });
    if (scanned > position_) {
        position_ = scanned;
        watch_.found();
    }
    return events;
}

void FollowingSubscription::close() {
    closed_ = true;
    watch_.stop();
}

}  // namespace vitrine::store::sqlite
