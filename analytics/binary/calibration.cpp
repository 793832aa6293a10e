#include "analytics/binary/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analytics/binary/logistic.hpp"
#include "analytics/binary/scores.hpp"
#include "analytics/minimize.hpp"

namespace vitrine::analytics {
namespace {

constexpr double platt_share = 0.02;

double between(const std::vector<double>& at, const std::vector<double>& values, double x) {
    const auto above = std::ranges::upper_bound(at, x);
    if (above == at.begin()) return values.front();
    if (above == at.end()) return values.back();
    const auto i = static_cast<std::size_t>(above - at.begin());
    const double share = (x - at[i - 1]) / (at[i] - at[i - 1]);
    return values[i - 1] + share * (values[i] - values[i - 1]);
}

/// Neighbours that are out of order become one, with their mean.
struct Block {
    double margins, came, rows;
    double mean() const { return came / rows; }
};

std::vector<Block> pooled(std::span<const double> margins, std::span<const int> outcomes) {
    std::vector<std::size_t> order(margins.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
        return margins[one] != margins[other] ? margins[one] < margins[other] : one < other;
    });
    std::vector<Block> blocks;
    for (const auto i : order) {
        blocks.push_back({margins[i], static_cast<double>(outcomes[i]), 1});
        while (blocks.size() > 1) {
            const auto last = blocks.back();
            auto& before = blocks[blocks.size() - 2];
            const bool same = before.margins / before.rows == last.margins / last.rows;
            if (before.mean() < last.mean() && !same) break;
            before = {
                before.margins + last.margins, before.came + last.came, before.rows + last.rows
            };
            blocks.pop_back();
        }
    }
    return blocks;
}

template <typename Value>
std::vector<Value> where(
    std::span<const Value> values, std::span<const int> folds, int fold, bool is
) {
    std::vector<Value> chosen;
    for (std::size_t i = 0; i < values.size(); ++i)
        if ((folds[i] == fold) == is) chosen.push_back(values[i]);
    return chosen;
}

}  // namespace

double Calibration::probability(double margin) const {
    const double smooth = sigmoid(slope * margin + offset);
    if (margins.empty()) return smooth;
    return (1 - platt_share) * between(margins, probabilities, margin) + platt_share * smooth;
}

Calibration fit_platt(std::span<const double> margins, std::span<const int> outcomes) {
    const auto found = minimize(
        [&](std::span<const double> at) {
            double loss = 0;
            for (std::size_t i = 0; i < margins.size(); ++i) {
                const double m = at[0] * margins[i] + at[1];
                loss += std::max(m, 0.0) + std::log1p(std::exp(-std::abs(m))) - outcomes[i] * m;
            }
            return loss;
        },
        {.start = {1, 0},
         .lower = {0.01, -20},
         .upper = {20, 20},
         .step = {0.2, 0.2},
         .evaluations = 120,
         .tolerance = 1e-9}
    );
    return {
        .method = "platt",
        .slope = found.at[0],
        .offset = found.at[1],
        .margins = {},
        .probabilities = {}
    };
}

Calibration fit_isotonic(std::span<const double> margins, std::span<const int> outcomes) {
    auto calibration = fit_platt(margins, outcomes);
    calibration.method = "isotonic";
    for (const auto& block : pooled(margins, outcomes)) {
        calibration.margins.push_back(block.margins / block.rows);
        calibration.probabilities.push_back(block.mean());
    }
    return calibration;
}

CalibrationChoice choose_calibration(
    std::span<const double> margins, std::span<const int> outcomes, std::span<const int> folds
) {
    using Fit = Calibration (*)(std::span<const double>, std::span<const int>);
    constexpr Fit none = [](std::span<const double>, std::span<const int>) {
        return Calibration{};
    };
    CalibrationChoice best;
    double least = 0;
    Fit chosen = nullptr;
    const int count = std::ranges::max(folds) + 1;
    for (const Fit fit : {none, Fit(fit_platt), Fit(fit_isotonic)}) {
        std::vector<double> said(margins.size());
        for (int fold = 0; fold < count; ++fold) {
            const auto calibration =
                fit(where(margins, folds, fold, false), where(outcomes, folds, fold, false));
            for (std::size_t i = 0; i < margins.size(); ++i)
                if (folds[i] == fold) said[i] = calibration.probability(margins[i]);
        }
        const double loss = log_loss(said, outcomes);
        if (chosen != nullptr && loss >= least) continue;
        least = loss;
        chosen = fit;
        best.probabilities = std::move(said);
    }
    best.calibration = chosen(margins, outcomes);
    return best;
}

}  // namespace vitrine::analytics
