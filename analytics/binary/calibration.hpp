#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace vitrine::analytics {

/// From the margin of a model to a probability that comes as often as it says. Always increasing,
/// so that it changes no ranking.
struct Calibration {
    std::string method = "none";   // "none", "platt", "isotonic"
    double slope = 1, offset = 0;  // Platt's; of isotonic a small share, which keeps it increasing
    std::vector<double> margins;   // isotonic: between these, linear
    std::vector<double> probabilities;

    double probability(double margin) const;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Calibration, method, slope, offset, margins, probabilities)

Calibration fit_platt(std::span<const double> margins, std::span<const int> outcomes);
Calibration fit_isotonic(std::span<const double> margins, std::span<const int> outcomes);

/// The method of the least log loss on rows it was not fitted to; `fold` of each row.
struct CalibrationChoice {
    Calibration calibration;            // fitted to all rows
    std::vector<double> probabilities;  // of each row, by the one fitted without its fold
};
CalibrationChoice choose_calibration(
    std::span<const double> margins, std::span<const int> outcomes, std::span<const int> folds
);

}  // namespace vitrine::analytics
