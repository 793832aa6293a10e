#include "analytics/forecast/seasonality.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vitrine::analytics {
namespace {

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Seasonality neutral(std::span<const double> values, int period) {
    return {
        .period = period,
        .multiplicative = false,
        .indices = std::vector<double>(static_cast<std::size_t>(period), 0.0),
        .adjusted = {values.begin(), values.end()},
    };
}

/// The trend at every value that has half a period on both sides; NaN elsewhere.
std::vector<double> moving_average(std::span<const double> values, std::size_t period) {
    std::vector<double> trend(values.size(), std::nan(""));
    const auto half = period / 2;
    for (std::size_t t = half; t + half < values.size(); ++t) {
        double sum = 0;
        for (std::size_t i = t - half; i <= t + half; ++i) sum += values[i];
        if (period % 2 == 0) sum -= (values[t - half] + values[t + half]) / 2;
        trend[t] = sum / static_cast<double>(period);
    }
    return trend;
}

void adjust(Seasonality& found, std::span<const double> values) {
    found.adjusted.clear();
    for (std::size_t t = 0; t < values.size(); ++t) {
        const double index = found.indices[t % found.indices.size()];
        found.adjusted.push_back(found.multiplicative ? values[t] / index : values[t] - index);
    }
}

/// Of the variance of the indices, the share that their own uncertainty does not explain. The noise
/// of a value is told by how far it lies from the middle of its neighbours.
double signal_share(const Seasonality& found, std::size_t values) {
    const auto scale = [&](double value) { return found.multiplicative ? std::log(value) : value; };
    const auto period = static_cast<double>(found.period);
    double signal = 0;
    for (const double index : found.indices) signal += scale(index) * scale(index) / period;
    double noise = 0;
    for (std::size_t t = 1; t + 1 < values; ++t) {
        const double middle = (scale(found.adjusted[t - 1]) + scale(found.adjusted[t + 1])) / 2;
        const double off = scale(found.adjusted[t]) - middle;
        noise += off * off / 1.5;
    }
    noise /= static_cast<double>(values) - 2;
    const double periods_used = static_cast<double>(values) / period - 1;
    const double by_chance = noise / periods_used * (period - 1) / period;
    return signal > 0 ? std::max(0.0, 1 - by_chance / signal) : 0;
}

}  // namespace

double Seasonality::restore(double adjusted_value, std::size_t number) const {
    const double index = indices[number % indices.size()];
    return multiplicative ? adjusted_value * index : adjusted_value + index;
}

Seasonality decompose(std::span<const double> values, int period, bool multiplicative) {
    const auto size = static_cast<std::size_t>(period);
    if (period < 2 || values.size() < 2 * size) return neutral(values, period);
    const auto trend = moving_average(values, size);
    std::vector<double> sums(size, 0.0);
    std::vector<int> counts(size, 0);
    for (std::size_t t = 0; t < values.size(); ++t) {
        if (std::isnan(trend[t])) continue;
        if (multiplicative && trend[t] <= 0) return neutral(values, period);
        sums[t % size] += multiplicative ? values[t] / trend[t] : values[t] - trend[t];
        ++counts[t % size];
    }
    Seasonality found{
        .period = period, .multiplicative = multiplicative, .indices = {}, .adjusted = {}
    };
    for (std::size_t i = 0; i < size; ++i) {
        if (counts[i] == 0) return neutral(values, period);
        found.indices.push_back(sums[i] / counts[i]);
    }
    const double centre = mean(found.indices);
    for (auto& index : found.indices) index = multiplicative ? index / centre : index - centre;
    if (multiplicative && std::ranges::min(found.indices) < 0.01) return neutral(values, period);
    adjust(found, values);
    return found;
}

Seasonality decompose_shrunk(std::span<const double> values, int period, bool multiplicative) {
    auto found = decompose(values, period, multiplicative);
    if (found.multiplicative != multiplicative) return found;
    const double kept = signal_share(found, values.size());
    const double centre = multiplicative ? 1 : 0;
    for (auto& index : found.indices) index = centre + kept * kept * (index - centre);
    adjust(found, values);
    return found;
}

}  // namespace vitrine::analytics
