#pragma once

#include <span>
#include <vector>

namespace vitrine::analytics {

/// A series taken apart: what repeats every `period` values, and the rest.
struct Seasonality {
    int period = 1;
    bool multiplicative = false;
    std::vector<double> indices;   // of a whole period, by (number of value) mod period
    std::vector<double> adjusted;  // the series without them

    /// A value of the adjusted series, put back to its place in the period.
    double restore(double adjusted_value, std::size_t number) const;
};

/// Classical decomposition by centred moving averages. Neutral, as if nothing repeated, where two
/// whole periods are missing or a multiplicative one would have to divide by nothing.
Seasonality decompose(std::span<const double> values, int period, bool multiplicative);

/// The same with indices drawn to neutral by how little they stand out of the noise: what is only
/// noise has no season.
Seasonality decompose_shrunk(std::span<const double> values, int period, bool multiplicative);

}  // namespace vitrine::analytics
