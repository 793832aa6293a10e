#include "net/watch.hpp"

#include <boost/asio/steady_timer.hpp>

namespace vitrine::net {

struct Watch::State {
    State(const boost::asio::any_io_executor& loop, TimePoint end) : timer(loop, end) {}

    boost::asio::steady_timer timer;
    std::function<void()> abort;
    bool expired = false;
};

Watch::Watch(const boost::asio::any_io_executor& loop, TimePoint end)
    : state_(std::make_shared<State>(loop, end)) {
    state_->timer.async_wait([state = state_](boost::system::error_code cancelled) {
        if (cancelled) return;
        state->expired = true;
        if (const auto abort = std::exchange(state->abort, nullptr)) abort();
    });
}

Watch::~Watch() {
    state_->abort = nullptr;
    state_->timer.cancel();
}

bool Watch::expired() const {
    return state_->expired;
}

Watch::TimePoint Watch::end() const {
    return state_->timer.expiry();
}

void Watch::aborts(std::function<void()> abort) {
    if (state_->expired && abort) return abort();
    state_->abort = std::move(abort);
}

}  // namespace vitrine::net
