#include "deliveries/follower.hpp"

#include <boost/asio/post.hpp>

namespace vitrine::deliveries {
namespace {

constexpr std::size_t batch = 1000;

}  // namespace

Follower::Follower(
    boost::asio::any_io_executor loop, std::unique_ptr<store::Subscription> log, Take take
)
    : loop_(std::move(loop)),
      log_(std::move(log)),
      take_(std::move(take)),
      thread_([this] { run(); }) {}

Follower::~Follower() {
    turn_->closed = true;
    log_->close();
    turn_->looked_at.release();
    thread_.join();
}

void Follower::run() {
    while (auto events = log_->advance(batch)) {
        boost::asio::post(
            loop_,
            [turn = turn_, take = take_, events = *std::move(events), up_to = log_->position()] {
                if (turn->closed) return;
                take(events, up_to);
                turn->looked_at.release();
            }
        );
        turn_->looked_at.acquire();
        if (turn_->closed) return;
    }
}

}  // namespace vitrine::deliveries
