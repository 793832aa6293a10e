// Rebuild beside a live projection: the part of the runner that `vitrine rebuild` asks for.
#include <chrono>
#include <stdexcept>

#include "projections/builder.hpp"
#include "projections/compare.hpp"
#include "projections/runner.hpp"

namespace vitrine::projections {

RebuildReport Projections::Runner::rebuild(const RebuildOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    {
        const std::scoped_lock lock(mutex_);
        if (rebuilding_) throw std::runtime_error(name() + " is being rebuilt already");
        rebuilding_ = true;
    }
    struct Leave {
        Runner& runner;
        ~Leave() {
            const std::scoped_lock lock(runner.mutex_);
            runner.rebuilding_ = false;
        }
    } const leave{*this};

    auto build_options = options;
    build_options.cancelled = [&] {
        return stopping() || (options.cancelled && options.cancelled());
    };
    const auto rebuilt = files_->next(projection_.name, projection_.version);
    const auto built = build_model_file(store_, rebuilt.file, projection_, build_options);
    RebuildReport report;
    report.name = projection_.name;
    report.generation = rebuilt.generation;
    report.events = built.events;
    try {
        // Most of what came meanwhile, so that the live projection is held up but briefly.
        Applier applier(rebuilt.file, projection_, options_.cache_bytes);
        catch_up(applier, store_, store_.head());
        run_on_thread([&] { finish_rebuild(rebuilt, options, report); });
    } catch (...) {
        if (!report.switched) ModelFiles::remove(rebuilt.file);
        throw;
    }
    if (!report.switched) ModelFiles::remove(rebuilt.file);
    report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

/// The live projection stands still while this runs on its thread.
void Projections::Runner::finish_rebuild(
    const LiveFile& rebuilt, const RebuildOptions& options, RebuildReport& report
) {
    auto applier = std::make_unique<Applier>(rebuilt.file, projection_, options_.cache_bytes);
    if (applier_) {
        catch_up(*applier, store_, applier_->position());
        if (options.diff || options.check) compare_with(*applier, rebuilt.file, report);
    }
    report.position = applier->position();
    if (options.check) return;
    files_->publish(projection_.name, rebuilt);
    report.switched = true;
    use(std::move(applier), rebuilt);
    advanced();
}

void Projections::Runner::compare_with(
    Applier& rebuilt, const std::filesystem::path& file, RebuildReport& report
) {
    try {
        catch_up(*applier_, store_, rebuilt.position());
        model_.advance(applier_->position());
        waiters_.reached(applier_->position());
        report.comparison = compare(projection_, model_.generation()->file(), file);
    } catch (const std::exception& error) {
        report.live_fault = error.what();
    }
}

}  // namespace vitrine::projections
