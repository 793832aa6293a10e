#pragma once

#include <atomic>
#include <string_view>

namespace vitrine::store::testing {

/// Errors of the disk, on demand: a VFS between SQLite and the real one, the default of this
/// program once it has been asked for. The errors concern WAL files only.
struct FaultVfs {
    /// The one there is; with all faults off.
    static FaultVfs& fresh();

    /// SQLite result code that the next so many writes or syncs get instead of being done.
    std::atomic<int> write_error{};
    std::atomic<int> failing_writes{};
    std::atomic<int> sync_error{};
    std::atomic<int> failing_syncs{};

    std::atomic<int> syncs{};       // done
    std::atomic<int> file_syncs{};  // done, of files other than WALs

    static constexpr int always = 1'000'000'000;
};

}  // namespace vitrine::store::testing
