#include "gateways/clubify/outages.hpp"

#include <chrono>
#include <utility>

namespace vitrine::clubify {
namespace {

constexpr int failures_that_tell = 2;  // one may be a matter of a single request

std::string reason_of(const Sent& sent) {
    return sent ? "status " + std::to_string(sent->status) : sent.error().detail;
}

}  // namespace

bool is_outage(const Sent& sent) {
    if (sent) return sent->status >= 500 && sent->status != 501;
    return sent.error().kind != net::TransportError::Kind::too_large;
}

void Outages::note(
    const Account& account, Breaker& breaker, Breaker::Pass& pass, const Sent& sent
) {
    using Kind = PlatformNews::Kind;
    const bool fails = is_outage(sent);
    const auto now = std::chrono::steady_clock::now();
    const bool was_closed = breaker.state(now) == Breaker::State::closed;
    if (fails) {
        pass.failed(now);
    } else {
        pass.succeeded();
    }
    auto& platform = platforms_[account.base.str()];
    if (!fails) {
        platform.failures = 0;
        if (std::exchange(platform.fails, false)) tell(Kind::answers, account, {});
    } else if (++platform.failures >= failures_that_tell && !std::exchange(platform.fails, true)) {
        tell(Kind::fails, account, reason_of(sent));
    }
    const bool is_closed = breaker.state(now) == Breaker::State::closed;
    if (was_closed && !is_closed) tell(Kind::held_back, account, reason_of(sent));
    if (!was_closed && is_closed) tell(Kind::let_go, account, {});
}

void Outages::tell(PlatformNews::Kind kind, const Account& account, std::string reason) const {
    if (tell_) tell_({kind, account.base.str(), account.tenant, std::move(reason)});
}

}  // namespace vitrine::clubify
