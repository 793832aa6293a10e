#include "projections/rebuild.hpp"

#include <chrono>

#include "projections/applier.hpp"
#include "projections/builder.hpp"
#include "projections/model_files.hpp"

namespace vitrine::projections {
namespace {

constexpr std::size_t cache_bytes = std::size_t{16} * 1024 * 1024;

/// Brings the live file to the log's head, as a starting server would, and compares.
void compare_with_live(
    store::EventStore& store,
    const Projection& projection,
    const LiveFile& live,
    const LiveFile& rebuilt,
    const RebuildOptions& options,
    RebuildReport& report
) {
    try {
        Applier applier(store, live.file, projection, cache_bytes);
        if (!same_log(applier.checkpoint(), store)) {
            report.live_fault = "the live file was filled from another log";
            return;
        }
        catch_up(applier, store, report.position);
        report.comparison = compare_watched(projection, live.file, rebuilt.file, options);
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception& error) {
        report.live_fault = error.what();
    }
}

/// A copy of the live file stands where that stood.
Position bring_to_head(
    store::EventStore& store,
    const Projection& projection,
    const LiveFile& candidate,
    const RebuildOptions& options
) {
    Applier applier(store, candidate.file, projection, cache_bytes);
    catch_up(applier, store, store.head(), !options.tenant);
    return applier.position();
}

/// All that comes before the switch.
void prepare_switch(
    store::EventStore& store,
    const Projection& projection,
    const std::optional<LiveFile>& live,
    const LiveFile& rebuilt,
    const RebuildOptions& options,
    RebuildReport& report
) {
    report.position = bring_to_head(store, projection, rebuilt, options);
    if (!options.diff && !options.check) return;
    if (!live) {
        report.live_fault = "there is none yet";
    } else if (live->version == projection.version) {
        compare_with_live(store, projection, *live, rebuilt, options, report);
    } else {
        report.live_fault = "the live file has version " + std::to_string(live->version);
    }
    tell_compared(options, report);
}

}  // namespace

Comparison compare_watched(
    const Projection& projection,
    const std::filesystem::path& live,
    const std::filesystem::path& rebuilt,
    const RebuildOptions& options
) {
    ProgressWatch watch(options.progress, options.cancelled, RebuildProgress::Phase::comparing);
    return compare(projection, live, rebuilt, [&](std::uint64_t done, std::uint64_t total) {
        watch.look(done, total, done == 0 || done == total);
    });
}

void tell_compared(const RebuildOptions& options, const RebuildReport& report) {
    if (options.compared) options.compared(report);
    if (options.cancelled && options.cancelled()) throw Cancelled();
}

RebuildReport rebuild_stopped(
    store::EventStore& store,
    ModelFiles& files,
    const Projection& projection,
    const RebuildOptions& options
) {
    const auto begin = std::chrono::steady_clock::now();
    files.remove_leftovers(projection.name, projection.version);
    const auto live = files.live(projection.name);
    RebuildReport report;
    const auto rebuilt = build_candidate(store, files, projection, options, report);
    try {
        prepare_switch(store, projection, live, rebuilt, options, report);
    } catch (...) {
        remove_model_file(rebuilt.file);
        throw;
    }
    if (options.check) {
        remove_model_file(rebuilt.file);
    } else {
        files.publish(projection.name, rebuilt);
        files.remove_leftovers(projection.name, projection.version);
        report.switched = true;
    }
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

}  // namespace vitrine::projections
