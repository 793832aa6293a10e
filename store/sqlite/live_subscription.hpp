#pragma once

#include <atomic>
#include <memory>

#include "store/event_store.hpp"
#include "store/sqlite/live_feed.hpp"
#include "store/sqlite/reader_pool.hpp"

namespace vitrine::store::sqlite {

/// A subscription in the writing process. There is no moment of switching: for each step, what
/// follows the position is taken from the feed if the feed reaches back to it, from disk if not.
class LiveSubscription : public Subscription {
public:
    LiveSubscription(
        std::shared_ptr<LiveFeed> feed,
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
    template <class TakeOf>
    std::size_t hand_over(std::size_t limit, const TakeOf& take);

    std::shared_ptr<LiveFeed> feed_;
    std::shared_ptr<ReaderPool> readers_;
    Filter filter_;
    std::atomic<Position> position_;
    std::atomic<bool> closed_ = false;
};

}  // namespace vitrine::store::sqlite
