#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "projections/compare.hpp"
#include "projections/model_files.hpp"
#include "projections/poison.hpp"
#include "projections/progress.hpp"
#include "projections/projector.hpp"
#include "store/event_store.hpp"

namespace vitrine::projections {

struct RebuildReport;

struct RebuildOptions {
    bool diff = false;               // compare with the live one before switching
    bool check = false;              // compare, and do not switch
    std::optional<TenantId> tenant;  // only its rows are made anew; the others are copied
    /// How long a build works before it saves what it has, and at least between saves: what a kill
    /// costs. 0: after every batch.
    std::chrono::milliseconds save_interval{30'000};
    std::size_t memory = std::size_t{512} * 1024 * 1024;  // rows held before they are written out
    /// Called a few times a second, on a thread of the rebuild.
    std::function<void(const RebuildProgress&)> progress;
    /// Called before the switch, with diff or check, once it is known how the new one differs or
    /// why that cannot be said; on a thread of the rebuild.
    std::function<void(const RebuildReport&)> compared;
    /// Asked now and then; true ends the rebuild with Cancelled.
    std::function<bool()> cancelled;
};

struct RebuildReport {
    std::string name;
    std::uint64_t generation = 0;  // the new one; also of a check, whose file is gone
    Position position = 0;
    std::uint64_t events = 0;  // applied
    Position continued = 0;    // the build went on from there: an earlier one had been interrupted
    double seconds = 0;
    bool switched = false;
    /// With diff or check. Absent all the same: there was no live generation to compare with, or it
    /// could not be read (`live_fault` says why).
    std::optional<Comparison> comparison;
    std::string live_fault;
};

/// The rebuild was given up on request; nothing has changed.
class Cancelled : public std::runtime_error {
public:
    Cancelled() : std::runtime_error("the rebuild was cancelled") {}
};

/// As compare, telling how far it is. Throws Cancelled too.
Comparison compare_watched(
    const Projection& projection,
    const std::filesystem::path& live,
    const std::filesystem::path& rebuilt,
    const RebuildOptions& options
);

/// Tells options.compared. Throws Cancelled: whoever has heard it may not want the switch.
void tell_compared(const RebuildOptions& options, const RebuildReport& report);

/// Rebuilds a projection of a data directory whose server is stopped, and removes files that
/// nothing needs and no build can go on with. The caller holds the DataLock. Throws Cancelled,
/// PoisonEvent, or what the disk says.
RebuildReport rebuild_stopped(
    store::EventStore& store,
    ModelFiles& files,
    const Projection& projection,
    const RebuildOptions& options
);

}  // namespace vitrine::projections
