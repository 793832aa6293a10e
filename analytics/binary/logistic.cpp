#include "analytics/binary/logistic.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace vitrine::analytics {
namespace {

constexpr double lopsided = 2;  // skewness from which the logarithm is a feature too
constexpr int most_steps = 25;

Logistic::Scaling scaling_of(const Features& features, Eigen::Index column) {
    double known = 0, sum = 0, least = 0;
    for (Eigen::Index row = 0; row < features.rows(); ++row) {
        const double value = features(row, column);
        if (std::isnan(value)) continue;
        sum += value;
        least = known == 0 ? value : std::min(least, value);
        ++known;
    }
    Logistic::Scaling scaling;
    scaling.tells_missing = known < static_cast<double>(features.rows()) && known > 0;
    if (known == 0) return scaling;
    scaling.mean = sum / known;
    double squares = 0, cubes = 0, logs = 0, log_squares = 0;
    for (Eigen::Index row = 0; row < features.rows(); ++row) {
        const double value = features(row, column);
        if (std::isnan(value)) continue;
        const double off = value - scaling.mean;
        squares += off * off;
        cubes += off * off * off;
        if (least >= 0) logs += std::log1p(value);
    }
    scaling.deviation = std::sqrt(squares / known);
    if (least < 0 || scaling.deviation == 0) return scaling;
    const bool is_lopsided = std::abs(cubes / known) > lopsided * std::pow(scaling.deviation, 3);
    const bool is_flag = known > 0 && least == 0 && features.col(column).maxCoeff() <= 1;
    if (!is_lopsided || is_flag) return scaling;
    scaling.log_mean = logs / known;
    for (Eigen::Index row = 0; row < features.rows(); ++row) {
        const double value = features(row, column);
        if (std::isnan(value)) continue;
        const double off = std::log1p(value) - scaling.log_mean;
        log_squares += off * off;
    }
    scaling.log_deviation = std::sqrt(log_squares / known);
    return scaling;
}

/// Calls `put` with each scaled value, in the order of the weights, the constant first.
template <typename Put>
void scale(const std::vector<Logistic::Scaling>& all, std::span<const double> features, Put put) {
    put(1.0);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& scaling = all[i];
        const bool known = !std::isnan(features[i]);
        if (scaling.deviation > 0)
            put(known ? (features[i] - scaling.mean) / scaling.deviation : 0);
        if (scaling.log_deviation > 0) {
            const double logarithm = known ? std::log1p(std::max(features[i], 0.0)) : 0;
            put(known ? (logarithm - scaling.log_mean) / scaling.log_deviation : 0);
        }
        if (scaling.tells_missing) put(known ? 0 : 1);
    }
}

Eigen::MatrixXd scaled_matrix(
    const std::vector<Logistic::Scaling>& scaling, const Features& features
) {
    Eigen::Index width = 1;
    for (const auto& each : scaling)
        width += (each.deviation > 0) + (each.log_deviation > 0) + each.tells_missing;
    Eigen::MatrixXd scaled(features.rows(), width);
    for (Eigen::Index row = 0; row < features.rows(); ++row) {
        Eigen::Index at = 0;
        const std::span values(&features(row, 0), static_cast<std::size_t>(features.cols()));
        scale(scaling, values, [&](double value) { scaled(row, at++) = value; });
    }
    return scaled;
}

}  // namespace

double sigmoid(double margin) {
    return 1 / (1 + std::exp(-margin));
}

double logistic_loss(
    const Eigen::MatrixXd& scaled,
    const Eigen::VectorXd& outcomes,
    const Eigen::VectorXd& weights,
    double penalty,
    Eigen::VectorXd* gradient
) {
    const Eigen::VectorXd margins = scaled * weights;
    double loss = 0;
    Eigen::VectorXd errors(margins.size());
    for (Eigen::Index i = 0; i < margins.size(); ++i) {
        const double m = margins[i];
        loss += std::max(m, 0.0) + std::log1p(std::exp(-std::abs(m))) - outcomes[i] * m;
        errors[i] = sigmoid(m) - outcomes[i];
    }
    Eigen::VectorXd free = weights;
    free[0] = 0;
    if (gradient != nullptr) *gradient = scaled.transpose() * errors + penalty * free;
    return loss + penalty / 2 * free.squaredNorm();
}

Logistic fit_logistic(const Features& features, std::span<const int> outcomes, double penalty) {
    Logistic model;
    for (Eigen::Index column = 0; column < features.cols(); ++column)
        model.scaling.push_back(scaling_of(features, column));
    const auto scaled = scaled_matrix(model.scaling, features);
    Eigen::VectorXd y(scaled.rows());
    for (Eigen::Index i = 0; i < y.size(); ++i) y[i] = outcomes[static_cast<std::size_t>(i)];
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(scaled.cols());
    Eigen::VectorXd gradient;
    double loss = logistic_loss(scaled, y, weights, penalty, &gradient);
    for (int step = 0; step < most_steps; ++step) {
        const Eigen::VectorXd margins = scaled * weights;
        Eigen::VectorXd spread(margins.size());
        for (Eigen::Index i = 0; i < spread.size(); ++i) {
            const double p = sigmoid(margins[i]);
            spread[i] = std::max(p * (1 - p), 1e-9);
        }
        Eigen::MatrixXd hessian = scaled.transpose() * spread.asDiagonal() * scaled;
        hessian.diagonal().array() += penalty;
        hessian(0, 0) += 1e-9 - penalty;
        const Eigen::VectorXd direction = hessian.ldlt().solve(gradient);
        double length = 1;
        Eigen::VectorXd next, next_gradient;
        double next_loss = 0;
        while (true) {
            next = weights - length * direction;
            next_loss = logistic_loss(scaled, y, next, penalty, &next_gradient);
            if (next_loss <= loss || length < 1e-6) break;
            length /= 2;
        }
        if (!(next_loss < loss)) break;
        const bool is_settled = loss - next_loss < 1e-9 * (1 + loss);
        weights = next;
        gradient = next_gradient;
        loss = next_loss;
        if (is_settled) break;
    }
    model.weights.assign(weights.begin(), weights.end());
    return model;
}

double Logistic::margin(std::span<const double> features) const {
    double sum = 0;
    std::size_t at = 0;
    scale(scaling, features, [&](double value) { sum += weights[at++] * value; });
    return sum;
}

}  // namespace vitrine::analytics
