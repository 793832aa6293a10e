#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "store/event_store.hpp"

namespace vitrine::store {

struct PruneOptions {
    Timestamp before;      // of acceptance
    bool dry_run = false;  // counts only
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    std::function<void(std::uint64_t)>
        progress;                     // commands so far, after each of many small appends
    std::function<bool()> cancelled;  // asked as often; it then ends early
};

constexpr const char* prune_in_future = "--before is a time in the future: nothing is forgotten";

/// Whoever may still retry commands that young loses more than time: the number of those that would
/// be forgotten must then be told.
bool prune_needs_number(Timestamp before, Timestamp now);
std::string prune_number_text(std::uint64_t commands);

/// Forgets the tenant's commands that have ended; how many. Waits. Throws std::runtime_error with
/// what the log refuses.
std::uint64_t prune_journal(EventStore& store, const TenantId& tenant, const PruneOptions& options);

}  // namespace vitrine::store
