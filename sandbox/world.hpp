#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/period.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/events.hpp"
#include "sandbox/metrics.hpp"
#include "sandbox/orders.hpp"
#include "sandbox/random.hpp"
#include "sandbox/state.hpp"
#include "sandbox/tokens.hpp"

namespace vitrine::sandbox {

/// All that the platform knows, for the handlers of its routes. One thread.
struct World {
    World(std::uint64_t seed, SandboxClock clock, Zone zone, bool strict);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// A new id: 24 hex digits, decided by the seed and by how many objects there were before.
    std::string new_id();

    /// Order lines of a sale here, as OrderBook takes them: counted, and kept if anything is.
    void add_order_lines(const std::string& csv);

    std::uint64_t seed;
    SandboxClock clock;
    Zone zone;
    bool strict;  // takes attested names only
    State state;
    OrderBook orders;
    MetricsReader metrics;
    Tokens tokens;
    EventListener* events = nullptr;                               // may be nullptr
    std::function<void(const std::string& csv)> keep_order_lines;  // may be empty
};

}  // namespace vitrine::sandbox
