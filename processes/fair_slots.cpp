#include "processes/fair_slots.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <list>
#include <utility>

namespace vitrine::processes {

namespace asio = boost::asio;

namespace {

/// Stands in the frame of who waits, and goes with it.
struct Waiter {
    asio::steady_timer timer;
    bool served = false;
};

struct TenantQueue {
    TenantId tenant;
    std::deque<Waiter*> waiters;
};

}  // namespace

struct FairSlots::Slot::State {
    std::size_t free = 0;
    std::size_t taken = 0;
    std::list<TenantQueue> queues;  // the front one is served next

    void wait(const TenantId& tenant, Waiter& waiter) {
        auto found = std::ranges::find(queues, tenant, &TenantQueue::tenant);
        if (found == queues.end()) found = queues.insert(queues.end(), TenantQueue{tenant, {}});
        found->waiters.push_back(&waiter);
    }

    void leave(Waiter& waiter) {
        for (auto& queue : queues) std::erase(queue.waiters, &waiter);
        std::erase_if(queues, [](const TenantQueue& queue) { return queue.waiters.empty(); });
    }

    void give_back() {
        --taken;
        if (queues.empty()) {
            ++free;
            return;
        }
        auto& first = queues.front();
        auto* waiter = first.waiters.front();
        first.waiters.pop_front();
        if (first.waiters.empty()) {
            queues.pop_front();
        } else {
            queues.splice(queues.end(), queues, queues.begin());
        }
        ++taken;
        waiter->served = true;
        waiter->timer.cancel();
    }
};

FairSlots::FairSlots(std::size_t count) : state_(std::make_shared<Slot::State>()) {
    state_->free = count;
}

FairSlots::Slot& FairSlots::Slot::operator=(Slot&& other) noexcept {
    if (state_ && state_ != other.state_) state_->give_back();
    state_ = std::move(other.state_);
    return *this;
}

FairSlots::Slot::~Slot() {
    if (state_) state_->give_back();
}

asio::awaitable<FairSlots::Slot> FairSlots::take(TenantId tenant) {
    const auto state = state_;
    if (state->free != 0) {
        --state->free;
        ++state->taken;
        co_return Slot(state);
    }
    Waiter waiter{asio::steady_timer(co_await asio::this_coro::executor)};
    struct Leaving {
        Slot::State& state;
        Waiter& waiter;
        ~Leaving() {
            if (!waiter.served) state.leave(waiter);
        }
    } leaving{*state, waiter};
    state->wait(tenant, waiter);
    while (!waiter.served) {
        waiter.timer.expires_at(asio::steady_timer::time_point::max());
        boost::system::error_code ignored;
        co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return Slot(state);
}

std::size_t FairSlots::taken() const {
    return state_->taken;
}

std::size_t FairSlots::waiting() const {
    std::size_t count = 0;
    for (const auto& queue : state_->queues) count += queue.waiters.size();
    return count;
}

}  // namespace vitrine::processes
