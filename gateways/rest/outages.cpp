#include "gateways/rest/outages.hpp"

#include <chrono>
#include <utility>

namespace vitrine::rest {
namespace {

constexpr int failures_that_tell = 2;  // one may be a matter of a single request

std::string reason_of(const Sent& sent) {
    return sent ? "status " + std::to_string(sent->status) : sent.error().detail.english();
}

}  // namespace

bool is_outage(const Sent& sent) {
    if (sent) return sent->status >= 500 && sent->status != 501;
    return sent.error().kind != net::TransportError::Kind::too_large;
}

void Outages::note(const Peer& peer, Breaker& breaker, Breaker::Pass& pass, const Sent& sent) {
    using Kind = PeerNews::Kind;
    const bool fails = is_outage(sent);
    const auto now = std::chrono::steady_clock::now();
    const bool was_closed = breaker.state(now) == Breaker::State::closed;
    if (fails) {
        pass.failed(now);
    } else {
        pass.succeeded();
    }
    auto& fared = fared_[peer.base.str()];
    if (!fails) {
        fared.failures = 0;
        if (std::exchange(fared.fails, false)) tell(Kind::answers, peer, {});
    } else if (++fared.failures >= failures_that_tell && !std::exchange(fared.fails, true)) {
        tell(Kind::fails, peer, reason_of(sent));
    }
    const bool is_closed = breaker.state(now) == Breaker::State::closed;
    if (was_closed && !is_closed) tell(Kind::held_back, peer, reason_of(sent));
    if (!was_closed && is_closed) tell(Kind::let_go, peer, {});
}

void Outages::tell(PeerNews::Kind kind, const Peer& peer, std::string reason) const {
    if (tell_) tell_({kind, peer.base.str(), peer.tenant, std::move(reason)});
}

}  // namespace vitrine::rest
