#pragma once

#include <span>
#include <string>
#include <vector>

namespace vitrine::analytics {

/// What one method says of the values after the last.
struct MemberForecast {
    std::string method;
    std::vector<double> values;
};

/// The last period again: what every other method must beat.
std::vector<double> seasonal_naive(std::span<const double> values, int period, int horizon);

/// Theta, exponential smoothing and both on coarser time, on the values and on their logarithms
/// where all are positive. Methods that do not see enough values are left out.
std::vector<MemberForecast> member_forecasts(
    std::span<const double> values, int period, int horizon
);

}  // namespace vitrine::analytics
