#include "analytics/lifetime/gamma_gamma.hpp"

#include <algorithm>
#include <cmath>

#include "analytics/lifetime/quadrature.hpp"
#include "analytics/minimize.hpp"

namespace vitrine::analytics {
namespace {

constexpr std::size_t least_customers = 10;

bool tells_amounts(const History& history) {
    return history.repeats > 0 && history.mean_amount > 0;
}

}  // namespace

double GammaGamma::expected(const History& history) const {
    const double x = history.mean_amount > 0 ? history.repeats : 0;
    return p * (gamma + x * history.mean_amount) / (p * x + q - 1);
}

double log_likelihood(const GammaGamma& model, const History& history) {
    const auto& [p, q, gamma, ignored] = model;
    const double x = history.repeats, mean = history.mean_amount;
    return log_gamma(p * x + q) - log_gamma(p * x) - log_gamma(q) + q * std::log(gamma) +
           (p * x - 1) * std::log(mean) + p * x * std::log(x) -
           (p * x + q) * std::log(gamma + mean * x);
}

bool can_fit_gamma_gamma(std::span<const History> histories) {
    return std::ranges::count_if(histories, tells_amounts) >=
           static_cast<std::ptrdiff_t>(least_customers);
}

GammaGamma fit_gamma_gamma(std::span<const History> histories) {
    double sum = 0, customers = 0;
    for (const auto& history : histories) {
        if (!tells_amounts(history)) continue;
        sum += history.mean_amount;
        ++customers;
    }
    const double mean = sum / customers;
    const auto model_at = [](std::span<const double> at) {
        return GammaGamma{std::exp(at[0]), 1 + std::exp(at[1]), std::exp(at[2]), 0};
    };
    const auto found = minimize(
        [&](std::span<const double> at) {
            const auto model = model_at(at);
            double total = 0;
            for (const auto& history : histories)
                if (tells_amounts(history)) total -= log_likelihood(model, history);
            return total;
        },
        {.start = {std::log(5.0), std::log(2.5), std::log(mean / 2)},
         .lower = {-5, -5, -20},
         .upper = {8, 8, 30},
         .step = {0.5, 0.5, 0.5},
         .evaluations = 600,
         .tolerance = 1e-10}
    );
    auto model = model_at(found.at);
    model.log_likelihood = -found.value;
    return model;
}

}  // namespace vitrine::analytics
