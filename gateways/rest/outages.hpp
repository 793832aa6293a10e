#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>

#include "core/ids.hpp"
#include "gateways/rest/breaker.hpp"
#include "gateways/rest/peer.hpp"
#include "net/client.hpp"

namespace vitrine::rest {

using Sent = std::expected<net::Response, net::TransportError>;

/// Does it say that the peer, or the way to it, is broken?
bool is_outage(const Sent& sent);

/// A change for the worse or the better, told once.
struct PeerNews {
    enum class Kind {
        fails,      // requests in a row, of whichever tenant, had no answer or one of 5xx
        answers,    // again
        held_back,  // a tenant's calls: its breaker has opened
        let_go,     // again
    };
    Kind kind{};
    std::string peer;  // where it is
    TenantId tenant;   // whose request has shown it
    std::string reason;
};

/// Notes what became of each request, for the breaker and for those who want to know.
///
/// Concurrency: all on one loop.
class Outages {
public:
    using Tell = std::function<void(const PeerNews&)>;

    /// `tell` may be empty.
    explicit Outages(Tell tell) : tell_(std::move(tell)) {}

    void note(const Peer& peer, Breaker& breaker, Breaker::Pass& pass, const Sent& sent);

private:
    struct Fared {
        int failures = 0;  // in a row
        bool fails = false;
    };

    void tell(PeerNews::Kind kind, const Peer& peer, std::string reason) const;

    Tell tell_;
    std::map<std::string, Fared> fared_;  // by where the peer is
};

}  // namespace vitrine::rest
