#pragma once

#include <vector>

#include "analytics/lifetime/purchase_model.hpp"

namespace vitrine::analytics {

/// Which of the models whose customers leave right after a purchase.
struct LeavingAfterPurchase {
    int regularity = 1;  // times between purchases are sums of so many exponential ones
    bool at_first_purchase = true;
};

/// Rates are Gamma(r, alpha), the chance to leave at a purchase Beta(a, b).
class AfterPurchase {
public:
    AfterPurchase(LeavingAfterPurchase form, const PurchaseParameters& parameters);

    double log_likelihood(const History& history) const;
    Outlook outlook(const History& history, double weeks) const;
    double expected_from_start(double weeks) const;

private:
    /// Logarithms of the two ways: has left at the last purchase; stays and has not bought since.
    struct Ways {
        double left, stays;
    };
    Ways ways(const History& history) const;
    /// Purchases of one who stays, with rates Gamma(rate, scale) and leaving Beta(leave, stay).
    double expected_of(double rate, double scale, double leave, double stay, double weeks) const;

    LeavingAfterPurchase form_;
    double r_, alpha_, a_, b_;
    double log_gamma_r_, log_alpha_, log_beta_ab_;
};

}  // namespace vitrine::analytics
