#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "analytics/model_file.hpp"
#include "analytics/parallel.hpp"

namespace CLI {
class App;
}  // namespace CLI

// What `vitrine model fit` and `predict` need to know of a kind of model. Whatever a kind throws as
// std::runtime_error is about the file it was given; UsageError is about the options.
namespace vitrine::api {

struct FitOptions {
    std::string kind, file, out;
    std::string target, id, until, units, price, product, place, time;
    std::uint64_t seed = 1;
};

struct PredictOptions {
    std::string model, file;
    std::string horizon;
    int top = 10;
};

struct FittedModel {
    nlohmann::json content;         // of the model file
    nlohmann::ordered_json report;  // how good it is on data it was not fitted to
};

struct ModelKind {
    std::string_view name;
    FittedModel (*fit)(std::string_view csv, const FitOptions&, const analytics::Progress&);
    /// CSV; `csv` is empty without a file.
    std::
        string (*predict)(const nlohmann::json& content, std::optional<std::string_view> csv, const PredictOptions&);
};

extern const ModelKind binary_kind;
extern const ModelKind customers_kind;
extern const ModelKind baskets_kind;
extern const ModelKind demand_kind;

/// The options by which kinds differ, and what help says of each.
void add_fit_options(CLI::App& command, FitOptions& options);
void add_predict_options(CLI::App& command, PredictOptions& options);
std::string model_kind_help();
std::string model_prediction_help();

/// nullptr: no such kind.
const ModelKind* find_model_kind(std::string_view name);
std::string model_kind_names();

/// The value, or its fault thrown.
template <typename Value>
Value taken(std::expected<Value, std::string> answer) {
    if (!answer) throw std::runtime_error(answer.error());
    return *std::move(answer);
}

}  // namespace vitrine::api
