#include "analytics/forecast/theta.hpp"

#include <cmath>

#include "analytics/minimize.hpp"

namespace vitrine::analytics {
namespace {

/// Level, mean, and the line through what was seen, as of the last value.
class ThetaState {
public:
    ThetaState(double level, double alpha, double theta)
        : level_(level), alpha_(alpha), weight_(1 - 1 / theta) {}

    double next() const {
        if (seen_ == 0) return level_;
        return level_ +
               weight_ * (decay_ * intercept_ + (1 - decay_ * (1 - alpha_)) / alpha_ * slope_);
    }

    void take(double value) {
        const double t = ++seen_;
        decay_ = t == 1 ? 1 - alpha_ : decay_ * (1 - alpha_);
        level_ = alpha_ * value + (1 - alpha_) * level_;
        const double mean_before = mean_;
        mean_ += (value - mean_) / t;
        if (t == 1) {
            slope_ = 0;
            intercept_ = value;
            return;
        }
        slope_ = ((t - 2) * slope_ + 6 / t * (value - mean_before)) / (t + 1);
        intercept_ = mean_ - (t + 1) / 2 * slope_;
    }

private:
    double level_, alpha_, weight_;
    double seen_ = 0;
    double decay_ = 1;  // (1 - alpha) to the number seen
    double mean_ = 0, slope_ = 0, intercept_ = 0;
};

}  // namespace

double theta_error(std::span<const double> values, double level, double alpha, double theta) {
    ThetaState state(level, alpha, theta);
    double sum = 0;
    for (std::size_t t = 0; t < values.size(); ++t) {
        const double error = values[t] - state.next();
        if (t >= 2) sum += error * error;
        state.take(values[t]);
    }
    return sum;
}

ThetaModel fit_theta(std::span<const double> values) {
    const auto theta_of = [](double logarithm) { return std::exp(logarithm); };
    const double first = values.front();
    double spread = 0;
    for (std::size_t t = 1; t < values.size(); ++t) spread += std::abs(values[t] - values[t - 1]);
    spread = std::max(spread / static_cast<double>(values.size()), 1e-9 * (1 + std::abs(first)));
    const auto found = minimize(
        [&](std::span<const double> at) {
            return theta_error(values, first + spread * at[0], at[1], theta_of(at[2]));
        },
        {.start = {0, 0.5, std::log(2.0)},
         .lower = {-30, 0.1, 0},
         .upper = {30, 0.99, 12},
         .step = {1, 0.15, 0.5},
         .evaluations = 400}
    );
    ThetaModel model{
        .level = first + spread * found.at[0],
        .alpha = found.at[1],
        .theta = theta_of(found.at[2]),
        .squared_error = found.value,
        .errors = {},
    };
    ThetaState state(model.level, model.alpha, model.theta);
    for (const double value : values) {
        model.errors.push_back(value - state.next());
        state.take(value);
    }
    return model;
}

std::vector<double> forecast_theta(
    const ThetaModel& model, std::span<const double> values, int horizon
) {
    ThetaState state(model.level, model.alpha, model.theta);
    for (const double value : values) state.take(value);
    std::vector<double> ahead;
    for (int h = 0; h < horizon; ++h) {
        ahead.push_back(state.next());
        state.take(ahead.back());
    }
    return ahead;
}

}  // namespace vitrine::analytics
