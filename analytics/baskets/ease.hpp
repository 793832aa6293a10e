#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

namespace vitrine::analytics {

/// How a linear item model is fitted. With all zero but the ridge it is EASE (Steck 2019).
struct EaseOptions {
    double ridge = 100;
    double dropout = 0;   // share of a basket that the model should do without (EDLAE, Steck 2020)
    double constant = 0;  // weight of an item that stands in every basket: how popular each is
    double size_power = 0;  // a basket of n items counts as n to the power of minus this
};

/// weights(i, j): what item i in a basket says for item j. The last row is that of the constant.
using EaseWeights = Eigen::MatrixXf;

/// Item numbers are below `items`; others are passed over.
EaseWeights fit_ease(
    std::span<const std::vector<std::size_t>> baskets, std::size_t items, const EaseOptions& options
);

}  // namespace vitrine::analytics
