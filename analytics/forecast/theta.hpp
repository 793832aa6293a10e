#pragma once

#include <span>
#include <vector>

namespace vitrine::analytics {

/// The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016)
/// of a series without season.
struct ThetaModel {
    double level{};  // before the first value
    double alpha{};
    double theta{};
    double squared_error{};  // of the fit, one step ahead
    std::vector<double> errors;
};

ThetaModel fit_theta(std::span<const double> values);

/// `horizon` values after the last.
std::vector<double> forecast_theta(
    const ThetaModel& model, std::span<const double> values, int horizon
);

/// The sum of squared errors one step ahead, from the third value on.
double theta_error(std::span<const double> values, double level, double alpha, double theta);

}  // namespace vitrine::analytics
