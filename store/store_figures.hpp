#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace vitrine::store {

/// Figures of a store that writes, for metrics and /healthz.
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

}  // namespace vitrine::store
