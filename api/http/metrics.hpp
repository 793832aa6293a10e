#pragma once

#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "api/http/route.hpp"
#include "commands/webhooks/receive.hpp"

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace vitrine::api {

/// Counts and times the requests by route. Concurrency: any thread.
class RequestMetrics {
public:
    explicit RequestMetrics(std::span<const Route> routes);
    ~RequestMetrics();

    /// `route` nullptr: none was found.
    void count(const Route* route, int status, std::chrono::steady_clock::duration took);

    std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

private:
    struct Figures;

    prometheus::Registry registry_;
    const Route* first_;
    std::vector<std::unique_ptr<Figures>> figures_;  // of each route; the last: of no route
};

/// Counts the webhooks that came in by what became of them. Concurrency: any thread.
class WebhookMetrics {
public:
    void count(commands::WebhookOutcome outcome, bool unclear) {
        ++counts_[static_cast<std::size_t>(outcome)];
        if (unclear) ++unclear_;
    }
    std::vector<prometheus::MetricFamily> collect() const;

private:
    std::array<std::atomic<std::uint64_t>, std::size(commands::webhook_outcomes)> counts_{};
    std::atomic<std::uint64_t> unclear_ = 0;
};

/// One sample of a gauge or counter that is read when it is asked for.
struct Sample {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
};

prometheus::MetricFamily gauge_family(
    std::string name, std::string help, std::vector<Sample> samples
);
prometheus::MetricFamily counter_family(
    std::string name, std::string help, std::vector<Sample> samples
);

/// The text format of Prometheus.
std::string metrics_text(const std::vector<prometheus::MetricFamily>& families);

}  // namespace vitrine::api
