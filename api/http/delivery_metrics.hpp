#pragma once

#include <prometheus/registry.h>

#include <vector>

#include "deliveries/runner.hpp"

namespace vitrine::api {

/// Counts and times the attempts of deliveries, by kind of receiver. Concurrency: any thread.
class DeliveryMetrics {
public:
    DeliveryMetrics();

    void count(const deliveries::Attempt& attempt);

    /// With how all receivers stand, by kind.
    std::vector<prometheus::MetricFamily> collect(
        const std::vector<deliveries::ReceiverStatus>& receivers
    ) const;

private:
    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& attempts_;
    prometheus::Family<prometheus::Histogram>& seconds_;
};

}  // namespace vitrine::api
