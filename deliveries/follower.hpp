#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

#include "store/event_store.hpp"

namespace vitrine::deliveries {

/// Hands over what is new in the log, for all receivers at once: batch by batch, the next one when
/// the one before has been looked at.
///
/// Operation: a thread of its own waits for the log; `take` runs on the loop, which outlives it.
class Follower {
public:
    using Take = std::function<void(const std::vector<store::SharedEvent>&, Position up_to)>;

    Follower(
        boost::asio::any_io_executor loop, std::unique_ptr<store::Subscription> log, Take take
    );
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

private:
    struct Turn {
        std::binary_semaphore looked_at{0};
        std::atomic<bool> closed = false;
    };

    void run();

    boost::asio::any_io_executor loop_;
    std::unique_ptr<store::Subscription> log_;
    Take take_;
    std::shared_ptr<Turn> turn_ = std::make_shared<Turn>();
    std::thread thread_;  // last: it uses the others
};

}  // namespace vitrine::deliveries
