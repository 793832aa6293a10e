#pragma once

#include <cstdint>
#include <functional>

#include "store/event_store.hpp"

namespace vitrine::store {

struct PruneOptions {
    Timestamp before;      // of acceptance
    bool dry_run = false;  // counts only
    std::function<void(std::uint64_t)>
        progress;                     // commands so far, after each of many small appends
    std::function<bool()> cancelled;  // asked as often; it then ends early
};

/// Forgets the tenant's commands that have ended; how many. Waits. Throws std::runtime_error with
/// what the log refuses.
std::uint64_t prune_journal(EventStore& store, const TenantId& tenant, const PruneOptions& options);

}  // namespace vitrine::store
