#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>

#include "core/ids.hpp"
#include "gateways/clubify/account.hpp"
#include "gateways/clubify/breaker.hpp"
#include "net/client.hpp"

namespace vitrine::clubify {

using Sent = std::expected<net::Response, net::TransportError>;

/// Does it say that the platform, or the way to it, is broken?
bool is_outage(const Sent& sent);

/// A change for the worse or the better, told once.
struct PlatformNews {
    enum class Kind {
        fails,      // requests in a row, of whichever tenant, had no answer or one of 5xx
        answers,    // again
        held_back,  // a tenant's calls: its breaker has opened
        let_go,     // again
    };
    Kind kind{};
    std::string platform;  // where it is
    TenantId tenant;       // whose request has shown it
    std::string reason;
};

/// Notes what became of each request, for the breaker and for those who want to know.
///
/// Concurrency: all on one loop.
class Outages {
public:
    using Tell = std::function<void(const PlatformNews&)>;

    /// `tell` may be empty.
    explicit Outages(Tell tell) : tell_(std::move(tell)) {}

    void note(const Account& account, Breaker& breaker, Breaker::Pass& pass, const Sent& sent);

private:
    struct Platform {
        int failures = 0;  // in a row
        bool fails = false;
    };

    void tell(PlatformNews::Kind kind, const Account& account, std::string reason) const;

    Tell tell_;
    std::map<std::string, Platform> platforms_;
};

}  // namespace vitrine::clubify
