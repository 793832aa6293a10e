#include "api/http/delivery_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>

#include <algorithm>
#include <map>

#include "api/http/metrics.hpp"

namespace vitrine::api {
namespace {

const prometheus::Histogram::BucketBoundaries bounds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
};

/// All receivers of a kind.
struct OfKind {
    std::size_t receivers = 0, pending = 0, under_way = 0;
    std::uint64_t dead = 0, lag = 0;
};

}  // namespace

DeliveryMetrics::DeliveryMetrics()
    : attempts_(prometheus::BuildCounter()
                    .Name("vitrine_delivery_attempts_total")
                    .Help("Attempts at deliveries by what came of them.")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("vitrine_delivery_attempt_seconds")
                   .Help("How long attempts took.")
                   .Register(registry_)) {}

void DeliveryMetrics::count(const deliveries::Attempt& attempt) {
    const auto& kind = attempt.receiver.kind;
    const std::string outcome(name_of(attempt.outcome));
    attempts_.Add({{"kind", kind}, {"outcome", outcome}}).Increment();
    seconds_.Add({{"kind", kind}}, bounds).Observe(attempt.taken.count());
}

std::vector<prometheus::MetricFamily> DeliveryMetrics::collect(
    const std::vector<deliveries::ReceiverStatus>& receivers
) const {
    std::map<std::string, OfKind> kinds;
    for (const auto& receiver : receivers) {
        auto& kind = kinds[receiver.name.kind];
        ++kind.receivers;
        kind.pending += receiver.pending;
        kind.under_way += receiver.under_way;
        kind.dead += receiver.dead;
        kind.lag = std::max(kind.lag, receiver.lag);
    }
    std::vector<Sample> count, pending, under_way, dead, lag;
    for (const auto& [name, kind] : kinds) {
        const auto sample = [&name](auto value) {
            return Sample{{{"kind", name}}, static_cast<double>(value)};
        };
        count.push_back(sample(kind.receivers));
        pending.push_back(sample(kind.pending));
        under_way.push_back(sample(kind.under_way));
        dead.push_back(sample(kind.dead));
        lag.push_back(sample(kind.lag));
    }
    auto families = registry_.Collect();
    families.push_back(gauge_family(
        "vitrine_delivery_receivers", "Receivers of events: webhook endpoints.", std::move(count)
    ));
    families.push_back(gauge_family(
        "vitrine_delivery_pending",
        "Events that are being sent or wait to be tried again.",
        std::move(pending)
    ));
    families.push_back(
        gauge_family("vitrine_delivery_under_way", "Attempts of this moment.", std::move(under_way))
    );
    families.push_back(gauge_family("vitrine_delivery_dead", "Dead letters.", std::move(dead)));
    families.push_back(gauge_family(
        "vitrine_delivery_lag_events",
        "Positions that the receiver which is furthest behind has before it.",
        std::move(lag)
    ));
    return families;
}

}  // namespace vitrine::api
