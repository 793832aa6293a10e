#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "analytics/binary/features.hpp"

namespace vitrine::analytics {

/// Logistic regression on scaled features: numbers as they are and, where they are lopsided, by
/// their logarithm too; what is not known is the mean, and said so by a feature of its own.
struct Logistic {
    struct Scaling {
        double mean{}, deviation{};          // of the known values
        double log_mean{}, log_deviation{};  // zero: not used
        bool tells_missing{};
    };
    std::vector<Scaling> scaling;
    std::vector<double> weights;  // the constant first

    double margin(std::span<const double> features) const;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(
    Logistic::Scaling, mean, deviation, log_mean, log_deviation, tells_missing
)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Logistic, scaling, weights)

/// By Newton's method with a ridge of `penalty` on all weights but the constant.
Logistic fit_logistic(const Features& features, std::span<const int> outcomes, double penalty);

/// The penalized negative log-likelihood and its gradient, of a matrix whose first column is 1.
double logistic_loss(
    const Eigen::MatrixXd& scaled,
    const Eigen::VectorXd& outcomes,
    const Eigen::VectorXd& weights,
    double penalty,
    Eigen::VectorXd* gradient
);

double sigmoid(double margin);

}  // namespace vitrine::analytics
