#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace vitrine::store {

/// How a store that writes behaves. What an engine has no use for, it passes over.
struct StoreOptions {
    std::size_t queue_limit = 8192;             // appends waiting; beyond: queue_full
    std::size_t batch_appends = 1024;           // appends in one commit
    std::size_t batch_bytes = 8 * 1024 * 1024;  // payload in one commit
    std::chrono::milliseconds batch_time{50};   // after which a commit takes no more appends
    std::size_t page_cache = 64 * 1024 * 1024;  // of the writer; filled as pages are used
    std::uint64_t disk_reserve =
        64ull * 1024 * 1024;           // free bytes below which new commands are refused
    std::size_t live_events = 16'384;  // kept in memory for subscribers that keep up
    /// Pages that the WAL grows by before it is written back into the file: 16 MiB while appends
    /// come one by one and leave the disk time for it; under load four times as many, since the
    /// longer it waits, the more commits have touched the same pages.
    int checkpoint_pages = 4096;
    /// The file of the WAL is emptied when nothing has been written for `rest` and it is longer.
    std::uint64_t wal_at_rest = 1024 * 1024;
    std::chrono::milliseconds rest{1000};
    /// How long an append may wait, from when it came, for another process that is writing; then it
    /// is refused as `locked`.
    std::chrono::milliseconds lock_patience{2500};
    Clock clock = system_clock();
};

}  // namespace vitrine::store
