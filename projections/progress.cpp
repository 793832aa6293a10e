#include "projections/progress.hpp"

#include "projections/rebuild.hpp"

namespace vitrine::projections {
namespace {

constexpr std::chrono::milliseconds progress_interval{200};

}  // namespace

std::string_view phase_name(RebuildProgress::Phase phase) {
    return phase == RebuildProgress::Phase::building ? "building" : "comparing";
}

std::optional<double> seconds_left(const RebuildProgress& progress) {
    if (progress.per_second <= 0 || progress.done > progress.total) return std::nullopt;
    return static_cast<double>(progress.total - progress.done) / progress.per_second;
}

ProgressWatch::ProgressWatch(
    Tell tell, IsCancelled is_cancelled, RebuildProgress::Phase phase, std::uint64_t from
)
    : tell_(std::move(tell)), is_cancelled_(std::move(is_cancelled)), phase_(phase), from_(from) {}

void ProgressWatch::look(std::uint64_t done, std::uint64_t total, bool tell) {
    if (is_cancelled_ && is_cancelled_()) throw Cancelled();
    const auto now = SteadyClock::now();
    if (!tell_ || (!tell && now - told_ < progress_interval)) return;
    told_ = now;
    const std::chrono::duration<double> taken = now - begin_;
    RebuildProgress progress;
    progress.phase = phase_;
    progress.done = done;
    progress.total = total;
    progress.per_second = taken.count() > 0 ? static_cast<double>(done - from_) / taken.count() : 0;
    tell_(progress);
}

}  // namespace vitrine::projections
