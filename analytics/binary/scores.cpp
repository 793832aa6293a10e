#include "analytics/binary/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace vitrine::analytics {
namespace {

std::vector<std::size_t> by_score(std::span<const double> scores) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
        return scores[one] != scores[other] ? scores[one] < scores[other] : one < other;
    });
    return order;
}

}  // namespace

double area_under_curve(std::span<const double> scores, std::span<const int> outcomes) {
    const auto order = by_score(scores);
    double ranks = 0, with = 0;
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        double here = 0;
        while (end < order.size() && scores[order[end]] == scores[order[i]])
            here += outcomes[order[end++]];
        const double rank = static_cast<double>(i + 1 + end) / 2;
        ranks += rank * here;
        with += here;
        i = end;
    }
    const double without = static_cast<double>(order.size()) - with;
    if (with == 0 || without == 0) return 0.5;
    return (ranks - with * (with + 1) / 2) / (with * without);
}

double log_loss(std::span<const double> probabilities, std::span<const int> outcomes) {
    double sum = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const double p = std::clamp(probabilities[i], 1e-12, 1 - 1e-12);
        sum -= outcomes[i] != 0 ? std::log(p) : std::log1p(-p);
    }
    return sum / static_cast<double>(outcomes.size());
}

double calibration_error(std::span<const double> probabilities, std::span<const int> outcomes) {
    constexpr std::size_t groups = 10;
    const auto order = by_score(probabilities);
    double error = 0;
    for (std::size_t group = 0; group < groups; ++group) {
        const auto begin = order.size() * group / groups;
        const auto end = order.size() * (group + 1) / groups;
        double said = 0, came = 0;
        for (auto i = begin; i < end; ++i) {
            said += probabilities[order[i]];
            came += outcomes[order[i]];
        }
        error += std::abs(said - came);
    }
    return error / static_cast<double>(order.size());
}

}  // namespace vitrine::analytics
