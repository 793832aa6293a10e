#pragma once

#include <atomic>
#include <memory>

#include "store/event_store.hpp"
#include "store/sqlite/file_watch.hpp"
#include "store/sqlite/reader_pool.hpp"

namespace vitrine::store::sqlite {

/// A subscription beside the writing process: reads from disk, and looks again when the file has
/// been written to.
class FollowingSubscription : public Subscription {
public:
    FollowingSubscription(
        const std::filesystem::path& directory,
        std::shared_ptr<ReaderPool> readers,
        Position after,
        Filter filter
    );

    std::optional<std::vector<SharedEvent>> advance(std::size_t limit) override;
    using Subscription::poll;
    std::size_t poll(std::size_t limit, const Take& take) override;
    Position position() const override { return position_; }
    void close() override;

private:
    /// At most `limit` events that match; the position up to which was looked at.
    Position read(std::vector<RecordedEvent>& events, std::size_t limit);

    std::shared_ptr<ReaderPool> readers_;
    Filter filter_;
    FileWatch watch_;
    std::atomic<Position> position_;
    std::atomic<bool> closed_ = false;
};

}  // namespace vitrine::store::sqlite
