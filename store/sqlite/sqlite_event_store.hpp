#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "store/event_store.hpp"

namespace vitrine::store {

struct SqliteOptions {
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

/// Opens or creates DIR/events.db for writing. The caller holds the DataLock.
/// Throws std::runtime_error if the file is damaged or was written by a newer program.
std::unique_ptr<EventStore> open_event_store(
    const std::filesystem::path& directory, SqliteOptions options
);

/// DIR/events.db for reading, beside a running server or without one. append answers `unavailable`;
/// subscriptions follow the writing process by watching the file.
std::unique_ptr<EventStore> open_event_store_read_only(const std::filesystem::path& directory);

/// Figures of the store of open_event_store, for metrics and /healthz.
struct StoreFigures {
    std::size_t queued = 0;
    std::uint64_t appends = 0, events = 0, commits = 0, conflicts = 0;
    std::uint64_t wal_bytes = 0;       // in use, of the file
    std::uint64_t wal_file_bytes = 0;  // what the file takes on the disk
    std::uint64_t snapshot_hits = 0, snapshot_misses = 0;
    bool disk_low = false;
    std::uint64_t disk_free = 0, disk_reserve = 0;  // bytes
    bool log_open = true;     // false: it cannot be opened anew after an error
    std::string log_fault;    // then: the last one
    bool log_locked = false;  // another process was writing for longer than appends could wait
};
StoreFigures figures(const EventStore& store);

}  // namespace vitrine::store
