// Rebuild beside a live projection: the part of the runner that `vitrine rebuild` asks for.
#include <chrono>
#include <stdexcept>

#include "projections/builder.hpp"
#include "projections/rebuild.hpp"
#include "projections/runner.hpp"

namespace vitrine::projections {

Projections::Runner::Building::Building(Runner& runner) : runner_(runner) {
    RebuildProgress none;
    none.total = runner_.store_.head();
    {
        const std::scoped_lock lock(runner_.mutex_);
        if (runner_.build_) throw std::runtime_error(runner_.name() + " is being rebuilt already");
        runner_.build_ = none;
    }
    tell(none);
}

Projections::Runner::Building::~Building() {
    const std::scoped_lock lock(runner_.mutex_);
    runner_.build_.reset();
}

void Projections::Runner::Building::reached(const RebuildProgress& progress) {
    {
        const std::scoped_lock lock(runner_.mutex_);
        runner_.build_ = progress;
    }
    if (std::chrono::steady_clock::now() - told_ >= runner_.options_.build_news) tell(progress);
}

void Projections::Runner::Building::tell(const RebuildProgress& progress) {
    told_ = std::chrono::steady_clock::now();
    if (runner_.options_.building) runner_.options_.building(runner_.name(), progress);
}

RebuildReport Projections::Runner::rebuild(const RebuildOptions& options) {
    try {
        return rebuild_beside(options);
    } catch (const std::exception& error) {
        if (options_.rebuild_failed) options_.rebuild_failed(name(), error.what());
        throw;
    }
}

RebuildReport Projections::Runner::rebuild_beside(const RebuildOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    Building building(*this);
    auto build_options = options;
    build_options.progress = [&](const RebuildProgress& progress) {
        building.reached(progress);
        if (options.progress) options.progress(progress);
    };
    build_options.cancelled = [&] {
        return stopping() || (options.cancelled && options.cancelled());
    };
    RebuildReport report;
    const auto rebuilt = build_candidate(store_, *files_, projection_, build_options, report);
    try {
        // Most of what came meanwhile, so that the live projection is held up but briefly.
        Applier applier(store_, rebuilt.file, projection_, options_.cache_bytes);
        catch_up(applier, store_, store_.head(), !options.tenant);
        run_on_thread([&] { finish_rebuild(rebuilt, build_options, report); });
    } catch (...) {
        if (!report.switched) remove_model_file(rebuilt.file);
        throw;
    }
    if (!report.switched) remove_model_file(rebuilt.file);
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

/// The live projection stands still while this runs on its thread.
void Projections::Runner::finish_rebuild(
    const LiveFile& rebuilt, const RebuildOptions& options, RebuildReport& report
) {
    auto applier =
        std::make_unique<Applier>(store_, rebuilt.file, projection_, options_.cache_bytes);
    if (applier_) catch_up(*applier, store_, applier_->position(), !options.tenant);
    if (options.diff || options.check) {
        compare_with(*applier, rebuilt.file, options, report);
        tell_compared(options, report);
    }
    report.position = applier->position();
    if (options.check) return;
    // Before: a file that could not be published may be named on the disk all the same.
    report.switched = true;
    files_->publish(projection_.name, rebuilt);
    use(std::move(applier), rebuilt);
    advanced();
    report_change();
}

void Projections::Runner::compare_with(
    Applier& rebuilt,
    const std::filesystem::path& file,
    const RebuildOptions& options,
    RebuildReport& report
) {
    if (!applier_) {
        report.live_fault = "there is none of the present version yet";
        return;
    }
    try {
        catch_up(*applier_, store_, rebuilt.position());
        model_.advance(applier_->position());
        waiters_.reached(applier_->position());
        report.comparison =
            compare_watched(projection_, model_.generation()->file(), file, options);
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception& error) {
        report.live_fault = error.what();
    }
}

}  // namespace vitrine::projections
