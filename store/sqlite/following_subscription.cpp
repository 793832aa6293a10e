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

std::optional<std::vector<SharedEvent>> FollowingSubscription::advance(std::size_t limit) {
    while (!closed_) {
        auto page = std::make_shared<std::vector<RecordedEvent>>();
        const auto scanned = read(*page, limit);
        if (scanned > position_) {
            position_ = scanned;
            std::vector<SharedEvent> events;
            for (const auto& event : *page) events.emplace_back(page, &event);
            return events;
        }
        watch_.wait();
    }
    return std::nullopt;
}

std::size_t FollowingSubscription::poll(std::size_t limit, const Take& take) {
    if (closed_) return 0;
    std::vector<RecordedEvent> events;
    const auto scanned = read(events, limit);
    std::size_t count = 0;
    for (const auto& event : events) {
        position_ = event.position;
        ++count;
        if (!take(event)) return count;
    }
    position_ = std::max(position_.load(), scanned);
    return count;
}

Position FollowingSubscription::read(std::vector<RecordedEvent>& events, std::size_t limit) {
    const auto scanned = readers_->use([&](Reader& reader) {
        return reader.events.page(events, position_ + 1, filter_, limit, Direction::forwards);
    });
    if (scanned > position_) watch_.found();
    return scanned;
}

void FollowingSubscription::close() {
    closed_ = true;
    watch_.stop();
}

}  // namespace vitrine::store::sqlite
