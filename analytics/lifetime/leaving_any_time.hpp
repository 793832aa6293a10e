#pragma once

#include "analytics/lifetime/purchase_model.hpp"

namespace vitrine::analytics {

/// The Pareto/NBD: rates of buying are Gamma(r, alpha), rates of leaving Gamma(s, beta).
class LeavingAnyTime {
public:
    explicit LeavingAnyTime(const PurchaseParameters& parameters);

    double log_likelihood(const History& history) const;
    Outlook outlook(const History& history, double weeks) const;
    double expected_from_start(double weeks) const;

private:
    struct Ways {
        double left, stays;  // logarithms, without a common factor
    };
    Ways ways(const History& history) const;
    /// Of one who stays: the time within `weeks` before leaving, times the rate.
    double expected_of(double rate, double scale, double leaving, double weeks) const;

    double r_, alpha_, s_, beta_;
    double constant_;
};

}  // namespace vitrine::analytics
