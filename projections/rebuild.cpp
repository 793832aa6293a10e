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
    RebuildReport& report
) {
    try {
        Applier applier(live.file, projection, cache_bytes);
        if (!same_log(applier.checkpoint(), store)) {
            report.live_fault = "the live file was filled from another log";
            return;
        }
        catch_up(applier, store, report.position);
        report.comparison = compare(projection, live.file, rebuilt.file);
    } catch (const std::exception& error) {
        report.live_fault = error.what();
    }
}

}  // namespace

PoisonEvent::PoisonEvent(Position at, std::string event_type, const std::string& reason)
    : std::runtime_error(reason), position(at), type(std::move(event_type)) {}

RebuildReport rebuild_stopped(
    store::EventStore& store,
    const std::filesystem::path& data_directory,
    const Projection& projection,
    const RebuildOptions& options
) {
    const auto begin = std::chrono::steady_clock::now();
    ModelFiles files(data_directory);
    const auto live = files.live(projection.name);
    const auto rebuilt = files.next(projection.name, projection.version);
    const auto built = build_model_file(store, rebuilt.file, projection, options);

    RebuildReport report;
    report.name = projection.name;
    report.generation = rebuilt.generation;
    report.position = built.position;
    report.events = built.events;
    if ((options.diff || options.check) && live) {
        if (live->version == projection.version) {
            compare_with_live(store, projection, *live, rebuilt, report);
        } else {
            report.live_fault = "the live file has version " + std::to_string(live->version);
        }
    }
    if (options.check) {
        ModelFiles::remove(rebuilt.file);
    } else {
        files.publish(projection.name, rebuilt);
        files.remove_leftovers(projection.name);
        report.switched = true;
    }
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

}  // namespace vitrine::projections
