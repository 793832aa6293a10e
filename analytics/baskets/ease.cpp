#include "analytics/baskets/ease.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <stdexcept>

#include "analytics/parallel.hpp"

namespace vitrine::analytics {
namespace {

Eigen::MatrixXf together(
    std::span<const std::vector<std::size_t>> baskets, std::size_t items, const EaseOptions& options
) {
    const auto constant = static_cast<Eigen::Index>(items);
    Eigen::MatrixXd counts = Eigen::MatrixXd::Zero(constant + 1, constant + 1);
    for (const auto& basket : baskets) {
        const double weight = std::pow(
            static_cast<double>(std::max<std::size_t>(basket.size(), 1)), -options.size_power
        );
        counts(constant, constant) += weight * options.constant * options.constant;
        for (const auto one : basket) {
            if (one >= items) continue;
            const auto i = static_cast<Eigen::Index>(one);
            counts(constant, i) += weight * options.constant;
            for (const auto other : basket)
                if (other < items && other <= one)
                    counts(i, static_cast<Eigen::Index>(other)) += weight;
        }
    }
    Eigen::MatrixXf lower = counts.cast<float>();
    const double missing = options.dropout / (1 - options.dropout);
    for (Eigen::Index i = 0; i <= constant; ++i) {
        const double denoising = i < constant ? missing * counts(i, i) : 0;
        lower(i, i) += static_cast<float>(options.ridge + denoising);
    }
    return lower;
}

/// The inverse of the lower triangle, a block of columns at a time: above its diagonal it is zero.
Eigen::MatrixXf inverse_of_lower(const Eigen::MatrixXf& lower) {
    constexpr Eigen::Index block = 250;
    const auto n = lower.rows();
    Eigen::MatrixXf inverse = Eigen::MatrixXf::Zero(n, n);
    in_parallel(static_cast<std::size_t>((n + block - 1) / block), [&](std::size_t number) {
        const auto first = static_cast<Eigen::Index>(number) * block;
        const auto width = std::min(block, n - first);
        const auto below = n - first;
        Eigen::MatrixXf columns = Eigen::MatrixXf::Zero(below, width);
        columns.topRows(width).setIdentity();
        lower.bottomRightCorner(below, below).triangularView<Eigen::Lower>().solveInPlace(columns);
        inverse.block(first, first, below, width) = columns;
    });
    return inverse;
}

/// transpose(inverse) * inverse, a block of columns at a time.
Eigen::MatrixXf product_with_itself(const Eigen::MatrixXf& inverse) {
    constexpr Eigen::Index block = 250;
    const auto n = inverse.rows();
    Eigen::MatrixXf product(n, n);
    in_parallel(static_cast<std::size_t>((n + block - 1) / block), [&](std::size_t number) {
        const auto first = static_cast<Eigen::Index>(number) * block;
        const auto width = std::min(block, n - first);
        const auto rest = n - first;
        // What lies right of the block is the transpose of what the other blocks make.
        product.block(first, first, width, rest).noalias() =
            inverse.block(first, first, rest, width).transpose() *
            inverse.bottomRightCorner(rest, rest);
    });
    for (Eigen::Index column = 0; column < n; ++column)
        for (Eigen::Index row = column + 1; row < n; ++row)
            product(row, column) = product(column, row);
    return product;
}

}  // namespace

EaseWeights fit_ease(
    std::span<const std::vector<std::size_t>> baskets, std::size_t items, const EaseOptions& options
) {
    auto lower = together(baskets, items, options);
    const Eigen::LLT<Eigen::Ref<Eigen::MatrixXf>> decomposition(lower);
    if (decomposition.info() != Eigen::Success) throw std::runtime_error("the ridge is too small");
    auto weights = product_with_itself(inverse_of_lower(lower));
    const Eigen::VectorXf diagonal = weights.diagonal();
    for (Eigen::Index column = 0; column < weights.cols(); ++column) {
        weights.col(column) /= -diagonal[column];
        weights(column, column) = 0;
    }
    weights.row(weights.rows() - 1) *= static_cast<float>(options.constant);
    return weights;
}

}  // namespace vitrine::analytics
