#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace vitrine::projections {

/// How far a build or a rebuild is.
struct RebuildProgress {
    enum class Phase {
        building,   // counts events of the log, wanted or passed over
        comparing,  // counts rows, those of both files
    };
    Phase phase = Phase::building;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    double per_second = 0;  // 0: not known yet
};

std::string_view phase_name(RebuildProgress::Phase phase);

/// Of the phase; nullopt: not known.
std::optional<double> seconds_left(const RebuildProgress& progress);

/// Tells the progress of a phase a few times a second, and asks whether to go on.
class ProgressWatch {
public:
    using Tell = std::function<void(const RebuildProgress&)>;
    using IsCancelled = std::function<bool()>;

    /// Either function may be empty. `from` was done before.
    ProgressWatch(
        Tell tell, IsCancelled is_cancelled, RebuildProgress::Phase phase, std::uint64_t from = 0
    );

    /// Throws Cancelled. `tell` is for the last look, or another that must not be left out.
    void look(std::uint64_t done, std::uint64_t total, bool tell);

private:
    using SteadyClock = std::chrono::steady_clock;

    Tell tell_;
    IsCancelled is_cancelled_;
    RebuildProgress::Phase phase_;
    std::uint64_t from_;
    SteadyClock::time_point begin_ = SteadyClock::now();
    SteadyClock::time_point told_ = begin_;
};

}  // namespace vitrine::projections
