#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "analytics/binary/features.hpp"

namespace vitrine::analytics {

/// A decision tree; a node without children is a leaf, its condition the value.
struct Tree {
    std::vector<int> left, right, feature;
    std::vector<float> condition;  // less goes left
    std::vector<int> missing_left;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Tree, left, right, feature, condition, missing_left)

/// Gradient-boosted trees: the sum of what they say is the logarithm of the odds.
struct Boosting {
    std::vector<Tree> trees;
    std::vector<double> gains;  // by feature

    /// What `count` trees say, from the number `first` on.
    double margin(std::span<const double> features, std::size_t first, std::size_t count) const;
    double margin(std::span<const double> features) const;
};

struct BoostingOptions {
    int depth = 3;
    int rounds = 200;
    double rate = 0.06;
    std::uint64_t seed = 1;
};

/// By XGBoost, one thread, so that the trees are the same each time. Throws std::runtime_error.
Boosting fit_boosting(
    const Features& features, std::span<const int> outcomes, const BoostingOptions& options
);

/// Whether every node's children and feature are there, and every way down ends.
bool is_sound(const Tree& tree, std::size_t features);

}  // namespace vitrine::analytics
