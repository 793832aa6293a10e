#include "api/http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>

namespace vitrine::api {
namespace {

/// Every status that a route answers with; the last stands for any other.
constexpr std::array statuses = {200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 408, 409,
                                 411, 412, 413, 415, 422, 429, 431, 500, 502, 503, 504, 507, 0};

std::size_t place_of(int status) {
    const auto found = std::ranges::find(statuses, status);
    const auto place = static_cast<std::size_t>(found - statuses.begin());
    return std::min(place, statuses.size() - 1);
}

const std::vector<double>& latency_bounds() {
    static const std::vector<double> bounds = {
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10
    };
    return bounds;
}

prometheus::MetricFamily family_of(
    std::string name, std::string help, prometheus::MetricType type, std::vector<Sample> samples
) {
    prometheus::MetricFamily family;
    family.name = std::move(name);
    family.help = std::move(help);
    family.type = type;
    for (auto& sample : samples) {
        prometheus::ClientMetric metric;
        for (auto& [label, value] : sample.labels) metric.label.push_back({label, value});
        metric.gauge.value = sample.value;
        metric.counter.value = sample.value;
        family.metric.push_back(std::move(metric));
    }
    return family;
}

}  // namespace

/// The counters of a route are made when their status is first met.
struct RequestMetrics::Figures {
    std::string route, method;
    prometheus::Family<prometheus::Counter>& requests;
    prometheus::Histogram& latency;
    std::array<std::atomic<prometheus::Counter*>, statuses.size()> by_status{};

    prometheus::Counter& counter(int status) {
        auto& slot = by_status[place_of(status)];
        if (auto* known = slot.load(std::memory_order_acquire)) return *known;
        auto& made =
            requests.Add({{"route", route}, {"method", method}, {"status", std::to_string(status)}}
            );
        slot.store(&made, std::memory_order_release);
        return made;
    }
};

RequestMetrics::RequestMetrics(std::span<const Route> routes) : first_(routes.data()) {
    auto& requests = prometheus::BuildCounter()
                         .Name("vitrine_http_requests_total")
                         .Help("Requests answered, by route, method and status.")
                         .Register(registry_);
    auto& latency = prometheus::BuildHistogram()
                        .Name("vitrine_http_request_seconds")
                        .Help("Time from the request's arrival to its answer.")
                        .Register(registry_);
    const auto add = [&](std::string route, std::string method) {
        auto& histogram = latency.Add({{"route", route}, {"method", method}}, latency_bounds());
        figures_.push_back(
            std::make_unique<Figures>(std::move(route), std::move(method), requests, histogram)
        );
    };
    for (const auto& route : routes) add(std::string(route.pattern), std::string(route.method));
    add("none", "any");
}

RequestMetrics::~RequestMetrics() = default;

void RequestMetrics::count(
    const Route* route, int status, std::chrono::steady_clock::duration took
) {
    const auto place = route ? static_cast<std::size_t>(route - first_) : figures_.size() - 1;
    figures_[place]->counter(status).Increment();
    figures_[place]->latency.Observe(std::chrono::duration<double>(took).count());
}

prometheus::MetricFamily gauge_family(
    std::string name, std::string help, std::vector<Sample> samples
) {
    return family_of(
        std::move(name), std::move(help), prometheus::MetricType::Gauge, std::move(samples)
    );
}

prometheus::MetricFamily counter_family(
    std::string name, std::string help, std::vector<Sample> samples
) {
    return family_of(
        std::move(name), std::move(help), prometheus::MetricType::Counter, std::move(samples)
    );
}

std::vector<prometheus::MetricFamily> WebhookMetrics::collect() const {
    std::vector<Sample> samples;
    for (const auto outcome : commands::webhook_outcomes) {
        samples.push_back(
            {{{"outcome", std::string(commands::webhook_outcome_name(outcome))}},
             static_cast<double>(counts_[static_cast<std::size_t>(outcome)])}
        );
    }
    return {
        counter_family(
            "vitrine_webhooks_total", "Webhooks of the platform, by what became of them.", samples
        ),
        counter_family(
            "vitrine_webhooks_unclear_total",
            "Webhooks of which something was not understood, whatever became of them.",
            {{{}, static_cast<double>(unclear_)}}
        ),
    };
}

std::string metrics_text(const std::vector<prometheus::MetricFamily>& families) {
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace vitrine::api
