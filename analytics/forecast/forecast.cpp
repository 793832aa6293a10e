#include "analytics/forecast/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "analytics/forecast/intervals.hpp"
#include "analytics/forecast/members.hpp"

namespace vitrine::analytics {
namespace {

using Values = std::vector<double>;

constexpr int origins = 3;
constexpr std::size_t least_values = 5;
constexpr double kept_by_step = 0.97;  // of the weight of an error, per value back

Values mean_of(const std::vector<MemberForecast>& members, const Values& otherwise) {
    Values mean(otherwise.size(), 0.0);
    for (std::size_t h = 0; h < mean.size(); ++h) {
        double count = 0;
        for (const auto& member : members) {
            if (!std::isfinite(member.values[h])) continue;
            mean[h] += member.values[h];
            ++count;
        }
        mean[h] = count > 0 ? mean[h] / count : otherwise[h];
    }
    return mean;
}

/// How much values one step apart differ, or a whole period apart where that is less; by the recent
/// ones more than by those long past.
double error_one_step_ahead(std::span<const double> values, int period) {
    const auto by_lag = [&](std::size_t lag) {
        double sum = 0, weights = 0, weight = 1;
        for (std::size_t t = values.size(); t-- > lag; weight *= kept_by_step) {
            sum += weight * std::abs(values[t] - values[t - lag]);
            weights += weight;
        }
        return sum / weights;
    };
    if (values.size() < 2) return std::abs(values.front());
    const auto season = static_cast<std::size_t>(period);
    return values.size() > 2 * season ? std::min(by_lag(1), by_lag(season)) : by_lag(1);
}

/// A forecast from a point in the past, beside what came.
struct Test {
    Values came, combined, naive;
    double scale{};
};

std::vector<Test> test_on_past(std::span<const double> values, const ForecastQuestion& question) {
    const auto period = static_cast<std::size_t>(question.season);
    const auto least = std::max(least_values, 2 * period + 1);
    std::vector<Test> tests;
    const auto wanted = static_cast<std::size_t>(question.horizon);
    if (values.size() < least + std::min(wanted, period)) return tests;
    const auto horizon = static_cast<int>(std::min(wanted, values.size() - least));
    const auto step = static_cast<std::size_t>(std::max(1, horizon / origins));
    auto origin = values.size() - static_cast<std::size_t>(horizon);
    for (int i = 0; i < origins && origin >= least; ++i, origin -= std::min(step, origin)) {
        const auto known = values.first(origin);
        Test test;
        test.came.assign(
            values.begin() + static_cast<std::ptrdiff_t>(origin),
            values.begin() + static_cast<std::ptrdiff_t>(origin) + horizon
        );
        test.naive = seasonal_naive(known, question.season, horizon);
        test.combined = mean_of(member_forecasts(known, question.season, horizon), test.naive);
        test.scale = error_one_step_ahead(known, question.season);
        tests.push_back(std::move(test));
    }
    return tests;
}

double mixed(double combined, double naive, double naive_share) {
    return (1 - naive_share) * combined + naive_share * naive;
}

double mean_error(const std::vector<Test>& tests, double naive_share) {
    double sum = 0, count = 0;
    for (const auto& test : tests) {
        for (std::size_t h = 0; h < test.came.size(); ++h, ++count)
            sum += std::abs(test.came[h] - mixed(test.combined[h], test.naive[h], naive_share));
    }
    return count > 0 ? sum / count : 0;
}

/// The least share with which the past was forecast no worse than by the naive forecast alone.
double naive_share_of(const std::vector<Test>& tests) {
    const double allowed = mean_error(tests, 1);
    constexpr int steps = 20;
    for (int i = 0; i < steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        if (mean_error(tests, share) <= allowed) return share;
    }
    return 1;
}

struct Forecasting {
    SeriesForecast answer;
    double scale{};
    std::vector<Values> scaled_errors;  // by step ahead
};

Forecasting forecast_one(const Series& series, const ForecastQuestion& question) {
    Forecasting one;
    const auto tests = test_on_past(series.values, question);
    auto& answer = one.answer;
    answer.series = series.name;
    answer.naive_share = naive_share_of(tests);
    answer.error = mean_error(tests, answer.naive_share);
    answer.naive_error = mean_error(tests, 1);
    const auto naive = seasonal_naive(series.values, question.season, question.horizon);
    if (series.values.size() < least_values) {
        answer.naive_share = 1;
        answer.values = naive;
    } else {
        const auto members = member_forecasts(series.values, question.season, question.horizon);
        for (const auto& member : members) answer.methods.push_back(member.method);
        const auto combined = mean_of(members, naive);
        for (std::size_t h = 0; h < naive.size(); ++h)
            answer.values.push_back(mixed(combined[h], naive[h], answer.naive_share));
    }
    one.scale = error_one_step_ahead(series.values, question.season);
    one.scaled_errors.resize(static_cast<std::size_t>(question.horizon));
    for (const auto& test : tests) {
        if (!(test.scale > 0)) continue;
        for (std::size_t h = 0; h < test.came.size(); ++h) {
            const double said = mixed(test.combined[h], test.naive[h], answer.naive_share);
            one.scaled_errors[h].push_back(std::abs(test.came[h] - said) / test.scale);
        }
    }
    return one;
}

Interval around(const Values& values, double scale, const Values& widths) {
    Interval interval;
    for (std::size_t h = 0; h < values.size(); ++h) {
        interval.lower.push_back(values[h] - scale * widths[h]);
        interval.upper.push_back(values[h] + scale * widths[h]);
    }
    return interval;
}

}  // namespace

std::vector<SeriesForecast> forecast(
    std::span<const Series> series, const ForecastQuestion& question, const Progress& progress
) {
    std::vector<Forecasting> all(series.size());
    in_parallel(
        series.size(), [&](std::size_t i) { all[i] = forecast_one(series[i], question); }, progress
    );
    std::vector<Values> errors(static_cast<std::size_t>(question.horizon));
    for (const auto& one : all) {
        for (std::size_t h = 0; h < errors.size(); ++h)
            errors[h].insert(
                errors[h].end(), one.scaled_errors[h].begin(), one.scaled_errors[h].end()
            );
    }
    const auto widths = interval_widths(std::move(errors));
    std::vector<SeriesForecast> answers;
    for (auto& one : all) {
        one.answer.within80 = around(one.answer.values, one.scale, widths.within80);
        one.answer.within95 = around(one.answer.values, one.scale, widths.within95);
        answers.push_back(std::move(one.answer));
    }
    return answers;
}

}  // namespace vitrine::analytics
