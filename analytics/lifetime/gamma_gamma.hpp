#pragma once

#include <span>

#include "analytics/lifetime/history.hpp"

namespace vitrine::analytics {

/// What customers spend at a purchase (Fader and Hardie 2013): amounts are Gamma(p, nu), nu over
/// customers Gamma(q, gamma).
struct GammaGamma {
    double p{}, q{}, gamma{};
    double log_likelihood{};

    /// Expected amount of a purchase of a customer of that history.
    double expected(const History& history) const;
};

double log_likelihood(const GammaGamma& model, const History& history);

/// By maximum likelihood, from the customers with repeats whose mean amount is above zero; there
/// must be one.
GammaGamma fit_gamma_gamma(std::span<const History> histories);

bool can_fit_gamma_gamma(std::span<const History> histories);

}  // namespace vitrine::analytics
