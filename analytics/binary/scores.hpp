#pragma once

#include <span>

namespace vitrine::analytics {

/// The chance that a row with the outcome is ranked above one without it; ties count half.
double area_under_curve(std::span<const double> scores, std::span<const int> outcomes);

/// Mean negative logarithm of the probability that was given to what came.
double log_loss(std::span<const double> probabilities, std::span<const int> outcomes);

/// Mean distance between what was said and how often it came, over ten groups of equally many rows.
double calibration_error(std::span<const double> probabilities, std::span<const int> outcomes);

}  // namespace vitrine::analytics
