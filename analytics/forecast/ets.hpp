#pragma once

#include <span>
#include <string>
#include <vector>

namespace vitrine::analytics {

/// Exponential smoothing in state-space form (Hyndman, Koehler, Snyder and Grose 2002): errors
/// additive or multiplicative; trend none, additive or damped; season none, additive or
/// multiplicative.
struct EtsForm {
    enum class Part : char { none = 'N', additive = 'A', damped = 'D', multiplicative = 'M' };
    Part error = Part::additive;
    Part trend = Part::none;
    Part season = Part::none;

    /// "ETS(A,Ad,M)"
    std::string name() const;
    bool operator==(const EtsForm&) const = default;
};

struct EtsParameters {
    double alpha = 0.5, beta = 0, gamma = 0, phi = 1;
    double level = 0, slope = 0;  // before the first value
    std::vector<double> season;   // of the first period, in order; empty without season
};

struct EtsModel {
    EtsForm form;
    int period = 1;
    EtsParameters parameters;
    double likelihood{};  // -2 log of it, but for a constant
    double aicc{};
    double sigma{};  // of errors one step ahead; relative ones where they are multiplicative
};

/// What comes of a series under given parameters.
struct EtsRun {
    std::vector<double> errors;  // as the form has them
    double likelihood{};         // n log(sum of squares) + 2 sum log|scale|; infinite: not possible
    EtsParameters last;          // states after the last value
};
EtsRun run_ets(
    const EtsForm& form, int period, const EtsParameters& parameters, std::span<const double> values
);

/// By maximum likelihood.
EtsModel fit_ets(const EtsForm& form, int period, std::span<const double> values);

/// Of the forms that the values allow, the one of the least corrected Akaike criterion. A trend is
/// damped: one that goes on for ever loses more on long horizons than it wins.
/// `multiplicative`: whether the season may be so, which needs positive values.
EtsModel choose_ets(std::span<const double> values, int period, bool multiplicative);

std::vector<double> forecast_ets(
    const EtsModel& model, std::span<const double> values, int horizon
);

}  // namespace vitrine::analytics
