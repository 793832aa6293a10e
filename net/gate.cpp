#include "net/gate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vitrine::net {

namespace asio = boost::asio;

/// Lives in the waiting coroutine's frame; takes itself out of the line however that ends.
struct Gate::Waiter {
    Waiter(std::shared_ptr<Gate> waited_for, const asio::any_io_executor& loop, TimePoint end)
        : gate(std::move(waited_for)), timer(loop, end) {
        place = gate->line_.insert(gate->line_.end(), this);
    }
    ~Waiter() {
        if (in_line) gate->line_.erase(place);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void call(Permit given) {
        gate->line_.erase(place);
        in_line = false;
        permit = std::move(given);
        timer.cancel();
    }

    std::shared_ptr<Gate> gate;
    asio::steady_timer timer;
    std::list<Waiter*>::iterator place;
    bool in_line = true;
    Permit permit;
};

Gate::Permit Gate::try_enter() {
    if (free_ == 0) return {};
    --free_;
    return Permit(shared_from_this());
}

asio::awaitable<Gate::Permit> Gate::enter(TimePoint end) {
    Permit permit = try_enter();
    if (permit) co_return permit;
    Waiter waiter(shared_from_this(), co_await asio::this_coro::executor, end);
    boost::system::error_code woken;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_return std::move(waiter.permit);
}

void Gate::send_away() {
    while (!line_.empty()) line_.front()->call({});
}

void Gate::leave() {
    if (line_.empty()) {
        ++free_;
    } else {
        line_.front()->call(Permit(shared_from_this()));
    }
}

}  // namespace vitrine::net
