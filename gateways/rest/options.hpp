#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "gateways/rest/breaker.hpp"
#include "gateways/rest/outages.hpp"
#include "gateways/rest/retry.hpp"
#include "net/client.hpp"

namespace vitrine::rest {

struct Options {
    std::chrono::milliseconds call_deadline{30'000};
    std::size_t calls_per_tenant = 1024;  // at once; further ones wait, within their deadline
    RetryOptions retry;
    BreakerOptions breaker;
    net::ClientOptions http;
    Outages::Tell news = {};  // on the loop
    /// Of the times that peers tell: when a limit ends, when to come again.
    Clock machine = system_clock();
};

/// How the calls of one tenant fare.
struct TenantCalls {
    TenantId tenant;
    Breaker::State breaker{};
    std::uint64_t breaker_opened = 0;       // times
    std::optional<std::int64_t> rate_left;  // as announced; nullopt: nothing was
    std::size_t waiting = 0;                // calls beyond those that may be made at once
    // Since the start:
    std::uint64_t requests = 0;  // sent, sign-ins left out
    std::uint64_t repeated = 0;  // of those, not the first of their call
    std::uint64_t shared = 0;    // calls that took the answer of an equal one
    std::uint64_t held_by_breaker = 0;
    std::uint64_t held_by_rate = 0;  // waited for the next window, or were not sent
};

}  // namespace vitrine::rest
