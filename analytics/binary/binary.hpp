#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analytics/binary/boosting.hpp"
#include "analytics/binary/calibration.hpp"
#include "analytics/binary/logistic.hpp"
#include "analytics/parallel.hpp"

namespace vitrine::analytics {

/// Whether something comes or not: gradient-boosted trees and logistic regression, mixed, made into
/// a probability.
struct BinaryModel {
    std::string target, positive, id;
    std::vector<FeatureColumn> columns;
    std::vector<Boosting> boostings;  // their mean
    Logistic logistic;
    double boosting_share{};  // of the margin
    Calibration calibration;

    double probability(std::span<const double> features) const;
};

struct BinaryQuestion {
    std::string target;
    std::string id;  // a column that is no feature; empty: none
    std::uint64_t seed = 1;
};

struct BinaryScores {
    double auc{}, log_loss{}, calibration_error{};
};

struct Importance {
    std::string column;
    double share{};  // of what the trees gain by it
};

struct BinaryFit {
    BinaryModel model;
    std::size_t rows{}, positives{};
    int folds{};
    int depth{}, rounds{};
    double penalty{};
    // Each row's by models that were fitted without its fold.
    BinaryScores logistic, boosting, mixed, calibrated;
    std::vector<Importance> importances;  // the greatest first
    std::vector<std::string> ignored;     // columns that say nothing
};

std::expected<BinaryFit, std::string> fit_binary(
    const Table& table, const BinaryQuestion& question, const Progress& progress = {}
);

nlohmann::json to_json(const BinaryModel& model);
BinaryModel binary_from_json(const nlohmann::json& json);

}  // namespace vitrine::analytics
