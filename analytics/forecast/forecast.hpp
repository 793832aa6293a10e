#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/parallel.hpp"

namespace vitrine::analytics {

struct Series {
    std::string name;
    std::vector<double> values;
};

/// From a table with the columns `series` and `values` (numbers joined by blanks), others being
/// passed over. A fault names its line.
std::expected<std::vector<Series>, std::string> read_series(std::string_view csv);

struct Interval {
    std::vector<double> lower, upper;
};

struct SeriesForecast {
    std::string series;
    std::vector<double> values;
    Interval within80, within95;
    /// What the seasonal naive forecast has of the values; the rest is the mean of the methods.
    double naive_share{};
    /// Mean absolute errors on the series' own past, forecast from earlier points; zero where it is
    /// too short for that. The first is never above the second.
    double error{}, naive_error{};
    std::vector<std::string> methods;
};

struct ForecastQuestion {
    int horizon = 1;
    int season = 12;  // values that make a period; 1: none
};

/// Forecasts every series by itself: the mean of several methods, mixed with the seasonal naive
/// forecast as far as it takes to be no worse than that on the series' own past. The widths of the
/// intervals are learned from the errors made there, over all series.
std::vector<SeriesForecast> forecast(
    std::span<const Series> series, const ForecastQuestion& question, const Progress& progress = {}
);

}  // namespace vitrine::analytics
