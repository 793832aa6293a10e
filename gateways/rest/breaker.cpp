#include "gateways/rest/breaker.hpp"

#include <algorithm>

namespace vitrine::rest {

using std::chrono::milliseconds;

Breaker::Pass::~Pass() {
    if (breaker_ && probe_) breaker_->probing_ = false;
}

void Breaker::Pass::succeeded() {
    breaker_->failures_ = 0;
    breaker_->open_for_ = milliseconds(0);
}

void Breaker::Pass::failed(TimePoint now) {
    Breaker& breaker = *breaker_;
    const bool closed = breaker.open_for_ == milliseconds(0);
    // Of requests that went before it opened nothing is learnt any more.
    if (!closed && !probe_) return;
    if (!closed || ++breaker.failures_ >= breaker.options_.failures) breaker.open(now);
}

void Breaker::open(TimePoint now) {
    open_for_ = open_for_ == milliseconds(0) ? options_.first_open
                                             : std::min(open_for_ * 2, options_.longest_open);
    open_until_ = now + open_for_;
    failures_ = 0;
    ++opened_;
}

std::expected<Breaker::Pass, milliseconds> Breaker::enter(TimePoint now) {
    switch (state(now)) {
        case State::closed:
            return Pass(shared_from_this(), false);
        case State::open:
            return std::unexpected(std::chrono::ceil<milliseconds>(open_until_ - now));
        case State::half_open:
            break;
    }
    if (probing_) return std::unexpected(options_.first_open);
    probing_ = true;
    return Pass(shared_from_this(), true);
}

Breaker::State Breaker::state(TimePoint now) const {
    if (open_for_ == milliseconds(0)) return State::closed;
    return now < open_until_ ? State::open : State::half_open;
}

}  // namespace vitrine::rest
