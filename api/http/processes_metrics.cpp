#include "api/http/processes_metrics.hpp"

#include <limits>

#include "events/processes.hpp"
#include "projections/processes/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::api {
namespace {

namespace states = events::process_state;

prometheus::ClientMetric histogram_of(
    const std::string& kind, const projections::Lateness& lateness
) {
    prometheus::ClientMetric metric;
    metric.label.push_back({"kind", kind});
    std::int64_t count = 0;
    for (std::size_t i = 0; i < lateness.counts.size(); ++i) {
        count += lateness.counts[i];
        const bool is_last = i == projections::lateness_bounds.size();
        metric.histogram.bucket.push_back(
            {static_cast<std::uint64_t>(count),
             is_last ? std::numeric_limits<double>::infinity() : projections::lateness_bounds[i]}
        );
    }
    constexpr double second = 1e6;
    metric.histogram.sample_count = static_cast<std::uint64_t>(count);
    metric.histogram.sample_sum = static_cast<double>(lateness.sum) / second;
    return metric;
}

}  // namespace

std::vector<prometheus::MetricFamily> processes_metrics(const queries::ReadSide& reads) {
    auto lease = reads.projections.read_model(queries::processes_model).lease();
    if (!lease) return {};
    const auto kinds = projections::ProcessesReader(*std::move(lease)).counts(reads.clock());
    std::vector<Sample> processes, overdue;
    prometheus::MetricFamily late{
        "vitrine_process_timer_lateness_seconds",
        "How long after its time a timer fired, since the log begins.",
        prometheus::MetricType::Histogram,
        {}
    };
    for (const auto& [kind, counts] : kinds) {
        for (const auto state : {states::open, states::waiting, states::blocked, states::done}) {
            const auto found = counts.by_state.find(state);
            const auto count = found == counts.by_state.end() ? 0 : found->second;
            processes.push_back(
                {{{"kind", kind}, {"state", std::string(state)}}, static_cast<double>(count)}
            );
        }
        overdue.push_back({{{"kind", kind}}, static_cast<double>(counts.overdue)});
        late.metric.push_back(histogram_of(kind, counts.lateness));
    }
    return {
        gauge_family("vitrine_processes", "Processes in that state.", std::move(processes)),
        gauge_family(
            "vitrine_processes_overdue",
            "Timers whose time has come and that have not fired.",
            std::move(overdue)
        ),
        std::move(late),
    };
}

}  // namespace vitrine::api
