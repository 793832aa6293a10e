#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/event_store.hpp"
#include "tests/store/power_vfs.hpp"

namespace vitrine::store::testing {

/// What somebody outside of the log noted of an append.
struct Promise {
    Append append;
    std::optional<std::size_t> answered;  // point of the disk's record; nullopt: never
    AppendResult result;
};

struct RunSize {
    std::size_t commands = 20;
    int checkpoint_pages = 24;
    std::size_t payload = 200;  // of an event, at most
};

/// Commands of two tenants with their events, journal rows and claims, several at a time,
/// with readers, checkpoints and restarts; all of it noted.
///
/// Every command is: accept with a claim, progress, and a conclusion with events of two
/// streams; or a conclusion alone; or events without a row. An append that is refused is noted and
/// its command goes no further.
struct RecordedRun {
    std::deque<Promise> promises;          // in the order of asking
    std::vector<RecordedEvent> final_log;  // after the last restart
    std::vector<DiskOperation> operations;
    std::size_t writes = 0, syncs = 0;  // of the disk
    bool failed = false;                // a fault was met

    /// How reads did while appends were refused, and appends afterwards: empty is well.
    std::string fault_found;
};
RecordedRun record_run(
    const RunSize& size, std::uint64_t seed, std::optional<DiskFault> fault = std::nullopt
);

/// Opens the log that a power cut at that point left in the folder: it verifies, holds what had
/// been acknowledged and nothing half, nothing that was refused, and goes on. What is not so; empty
/// is well.
std::string look_after_cut(
    const std::filesystem::path& folder, const RecordedRun& run, std::size_t point
);

}  // namespace vitrine::store::testing
