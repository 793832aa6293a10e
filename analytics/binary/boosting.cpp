#include "analytics/binary/boosting.hpp"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

namespace vitrine::analytics {
namespace {

void require(int status) {
    if (status != 0) throw std::runtime_error(std::string("XGBoost: ") + XGBGetLastError());
}

struct Free {
    void operator()(void* handle) const { free(handle); }
    int (*free)(void*);
};
using Handle = std::unique_ptr<void, Free>;

Handle matrix_of(const Features& features, std::span<const int> outcomes) {
    const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values =
        features.cast<float>();
    DMatrixHandle handle = nullptr;
    require(XGDMatrixCreateFromMat(
        values.data(),
        static_cast<bst_ulong>(values.rows()),
        static_cast<bst_ulong>(values.cols()),
        std::numeric_limits<float>::quiet_NaN(),
        &handle
    ));
    Handle matrix(handle, {XGDMatrixFree});
    const std::vector<float> labels(outcomes.begin(), outcomes.end());
    require(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()));
    return matrix;
}

nlohmann::json saved(BoosterHandle booster) {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    require(XGBoosterSaveModelToBuffer(booster, R"({"format":"json"})", &size, &bytes));
    return nlohmann::json::parse(bytes, bytes + size);
}

Boosting trees_of(const nlohmann::json& saved, std::size_t features) {
    Boosting boosting;
    boosting.gains.assign(features, 0.0);
    for (const auto& from : saved.at("learner").at("gradient_booster").at("model").at("trees")) {
        Tree tree;
        from.at("left_children").get_to(tree.left);
        from.at("right_children").get_to(tree.right);
        from.at("split_indices").get_to(tree.feature);
        from.at("split_conditions").get_to(tree.condition);
        for (const auto& flag : from.at("default_left"))
            tree.missing_left.push_back(flag.is_boolean() ? flag.get<bool>() : flag.get<int>());
        const auto gains = from.at("loss_changes").get<std::vector<double>>();
        for (std::size_t node = 0; node < gains.size(); ++node)
            if (tree.left[node] >= 0)
                boosting.gains[static_cast<std::size_t>(tree.feature[node])] += gains[node];
        boosting.trees.push_back(std::move(tree));
    }
    return boosting;
}

float leaf_of(const Tree& tree, std::span<const double> features) {
    std::size_t node = 0;
    while (tree.left[node] >= 0) {
        const auto value =
            static_cast<float>(features[static_cast<std::size_t>(tree.feature[node])]);
        const bool goes_left =
            std::isnan(value) ? tree.missing_left[node] != 0 : value < tree.condition[node];
        node = static_cast<std::size_t>(goes_left ? tree.left[node] : tree.right[node]);
    }
    return tree.condition[node];
}

/// Throws unless the trees say of the first rows what XGBoost says: they are its trees as this
/// version of it writes them.
void check(
    const Boosting& boosting, const Features& features, BoosterHandle booster, DMatrixHandle matrix
) {
    constexpr Eigen::Index checked = 100;
    constexpr double rounding = 1e-4;
    const char* raw_margins = R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,)"
                              R"("strict_shape":false,"cache_id":0})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* margins = nullptr;
    require(XGBoosterPredictFromDMatrix(booster, matrix, raw_margins, &shape, &dimensions, &margins)
    );
    for (Eigen::Index row = 0; row < std::min(features.rows(), checked); ++row) {
        const double said =
            boosting.margin({&features(row, 0), static_cast<std::size_t>(features.cols())});
        const double meant = static_cast<double>(margins[row]);
        if (std::abs(said - meant) > rounding * (1 + std::abs(meant)))
            throw std::runtime_error("XGBoost: its trees cannot be read as they are meant");
    }
}

}  // namespace

double Boosting::margin(std::span<const double> features, std::size_t first, std::size_t count)
    const {
    double sum = 0;
    for (std::size_t i = first; i < first + count; ++i)
        sum += static_cast<double>(leaf_of(trees[i], features));
    return sum;
}

double Boosting::margin(std::span<const double> features) const {
    return margin(features, 0, trees.size());
}

Boosting fit_boosting(
    const Features& features, std::span<const int> outcomes, const BoostingOptions& options
) {
    const auto matrix = matrix_of(features, outcomes);
    DMatrixHandle matrices[] = {matrix.get()};
    BoosterHandle handle = nullptr;
    require(XGBoosterCreate(matrices, 1, &handle));
    const Handle booster(handle, {XGBoosterFree});
    const std::pair<const char*, std::string> parameters[] = {
        {"objective", "binary:logistic"},
        {"base_score", "0.5"},
        {"tree_method", "hist"},
        {"nthread", "1"},
        {"verbosity", "0"},
        {"max_depth", std::to_string(options.depth)},
        {"eta", number_text(options.rate)},
        {"subsample", "0.8"},
        {"colsample_bytree", "0.7"},
        {"min_child_weight", "3"},
        {"lambda", "2"},
        {"seed", std::to_string(options.seed % 2'000'000'000)},
    };
    for (const auto& [name, value] : parameters)
        require(XGBoosterSetParam(handle, name, value.c_str()));
    for (int round = 0; round < options.rounds; ++round)
        require(XGBoosterUpdateOneIter(handle, round, matrix.get()));
    auto boosting = trees_of(saved(handle), static_cast<std::size_t>(features.cols()));
    check(boosting, features, handle, matrix.get());
    return boosting;
}

bool is_sound(const Tree& tree, std::size_t features) {
    const auto nodes = tree.left.size();
    if (nodes == 0 || tree.right.size() != nodes || tree.feature.size() != nodes ||
        tree.condition.size() != nodes || tree.missing_left.size() != nodes)
        return false;
    for (std::size_t node = 0; node < nodes; ++node) {
        if (tree.left[node] < 0) continue;
        // Children come after their parents, so that every way down ends.
        for (const int child : {tree.left[node], tree.right[node]})
            if (child <= static_cast<int>(node) || child >= static_cast<int>(nodes)) return false;
        if (tree.feature[node] < 0 || tree.feature[node] >= static_cast<int>(features))
            return false;
    }
    return true;
}

}  // namespace vitrine::analytics
