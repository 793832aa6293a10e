#include "analytics/forecast/intervals.hpp"

#include <algorithm>
#include <cmath>

namespace vitrine::analytics {
namespace {

constexpr double believed_errors = 40;  // as many count as much as what is known without any
// The past that tells the errors has also told how to mix, and its forecasts overlap.
constexpr double optimism = 1.15;

/// The least value that the next error exceeds with 1 - `share` at most.
double quantile(const std::vector<double>& sorted, double share) {
    const auto n = static_cast<double>(sorted.size());
    const auto rank = static_cast<std::size_t>(std::ceil(share * (n + 1)));
    return sorted[std::min(std::max<std::size_t>(rank, 1), sorted.size()) - 1];
}

std::vector<double> widths(
    const std::vector<std::vector<double>>& sorted, double share, double normal
) {
    std::vector<double> all;
    for (std::size_t h = 0; h < sorted.size(); ++h) {
        const double walk = normal * std::sqrt(1 + 0.25 * static_cast<double>(h));
        const auto n = static_cast<double>(sorted[h].size());
        const double seen = sorted[h].empty() ? 0 : optimism * quantile(sorted[h], share);
        const double width = (n * seen + believed_errors * walk) / (n + believed_errors);
        all.push_back(all.empty() ? width : std::max(width, all.back()));
    }
    return all;
}

}  // namespace

IntervalWidths interval_widths(std::vector<std::vector<double>> errors) {
    for (auto& step : errors) std::ranges::sort(step);
    return {widths(errors, 0.80, 1.2816), widths(errors, 0.95, 1.96)};
}

}  // namespace vitrine::analytics
