#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "analytics/forecast/forecast.hpp"
#include "analytics/table.hpp"
#include "api/cli/files.hpp"
#include "api/cli/model.hpp"
#include "api/cli/rated_progress.hpp"
#include "api/cli/usage.hpp"
#include "core/printable.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr int digits = 10;

constexpr int longest_horizon = 10'000;

struct ForecastOptions {
    std::string file;
    analytics::ForecastQuestion question;
    bool json = false;
};

std::string joined(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) {
        if (!text.empty()) text += ' ';
        text += analytics::number_text(value, digits);
    }
    return text;
}

Json to_json(const analytics::SeriesForecast& forecast) {
    Json json;
    json["series"] = forecast.series;
    json["values"] = forecast.values;
    json["lower80"] = forecast.within80.lower;
    json["upper80"] = forecast.within80.upper;
    json["lower95"] = forecast.within95.lower;
    json["upper95"] = forecast.within95.upper;
    json["methods"] = forecast.methods;
    json["naive_share"] = forecast.naive_share;
    if (forecast.naive_error > 0) {
        json["backtest"] = {
            {"mae", forecast.error},
            {"mae_seasonal_naive", forecast.naive_error},
        };
    }
    return json;
}

void print_csv(const std::vector<analytics::SeriesForecast>& forecasts) {
    analytics::Table table{
        .names = {"series", "values", "lower95", "upper95"}, .rows = {}, .lines = {}
    };
    for (const auto& forecast : forecasts) {
        table.rows.push_back(
            {forecast.series,
             joined(forecast.values),
             joined(forecast.within95.lower),
             joined(forecast.within95.upper)}
        );
    }
    std::cout << analytics::write_table(table) << std::flush;
}

int forecast(const ForecastOptions& options) {
    const auto series = analytics::read_series(read_input(options.file));
    if (!series) throw std::runtime_error(options.file + ": " + series.error());
    RatedProgress progress("forecast", "series");
    const auto forecasts =
        analytics::forecast(*series, options.question, [&](std::size_t done, std::size_t total) {
            progress.show(done, total);
        });
    progress.clear();
    if (!options.json) {
        print_csv(forecasts);
        return 0;
    }
    for (const auto& one : forecasts) std::cout << printable_line(to_json(one).dump()) << '\n';
    std::cout << std::flush;
    return 0;
}

}  // namespace

void add_model_forecast(CLI::App& model, Action& action) {
    auto options = std::make_shared<ForecastOptions>();
    auto* command = model.add_subcommand(
        "forecast",
        "What comes next in each series of a CSV file with the columns series and values (numbers "
        "joined by blanks, the oldest first). Prints CSV: series,values,lower95,upper95.\n\n"
        "The forecast is the mean of several methods (Theta, exponential smoothing, both on "
        "coarser time), mixed with last season's values as far as it takes to be no worse than "
        "those on the series' own past. The intervals are as wide as the errors made there.\n\n"
        "Example: vitrine model forecast sales.csv --horizon 6 --season 12"
    );
    command->add_option("FILE", options->file, "the CSV file; - reads the standard input")
        ->type_name("")
        ->check(not_empty())
        ->required();
    command->add_option("--horizon", options->question.horizon, "how many values ahead")
        ->type_name("N")
        ->check(CLI::Range(1, longest_horizon))
        ->required();
    command
        ->add_option(
            "--season",
            options->question.season,
            "values that make a season, 12 for months, 7 for days; 1: no season"
        )
        ->type_name("N")
        ->check(CLI::Range(1, longest_horizon))
        ->capture_default_str();
    command->add_flag(
        "--json",
        options->json,
        "one JSON object a series, with 80 % intervals, the methods and their errors on the past"
    );
    command->callback([&action, options] { action = [options] { return forecast(*options); }; });
}

}  // namespace vitrine::api
