#include "analytics/demand/shrinkage.hpp"

#include <Eigen/Cholesky>

namespace vitrine::analytics {

void Shrinkage::grow() {
    const auto needed = static_cast<Eigen::Index>(numbers_.size());
    if (needed <= products_.rows()) return;
    const auto room =
        std::max<Eigen::Index>(2 * products_.rows(), std::max<Eigen::Index>(needed, 64));
    const auto old = products_.rows();
    products_.conservativeResize(room, room);
    right_.conservativeResize(room);
    products_.rightCols(room - old).setZero();
    products_.bottomRows(room - old).setZero();
    right_.tail(room - old).setZero();
}

void Shrinkage::add(const std::vector<Term>& terms, double outcome, double weight) {
    std::vector<Eigen::Index> at;
    for (const auto& term : terms) {
        const auto next = static_cast<Eigen::Index>(numbers_.size());
        const auto [number, is_new] = numbers_.try_emplace(term.effect, next);
        if (is_new) groups_.push_back(term.group);
        at.push_back(number->second);
    }
    grow();
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const double weighted = weight * terms[i].value;
        right_[at[i]] += weighted * outcome;
        for (std::size_t j = 0; j < terms.size(); ++j)
            if (at[j] <= at[i]) products_(at[i], at[j]) += weighted * terms[j].value;
    }
}

std::map<std::string, double> Shrinkage::solve(const Penalties& penalties) const {
    const auto size = static_cast<Eigen::Index>(numbers_.size());
    Eigen::MatrixXd normal = products_.topLeftCorner(size, size);
    for (Eigen::Index i = 0; i < size; ++i)
        normal(i, i) += penalties[static_cast<std::size_t>(groups_[static_cast<std::size_t>(i)])];
    const Eigen::VectorXd solution =
        normal.selfadjointView<Eigen::Lower>().llt().solve(right_.head(size));
    std::map<std::string, double> effects;
    for (const auto& [name, number] : numbers_) effects[name] = solution[number];
    return effects;
}

double sum_of_effects(
    const std::map<std::string, double>& effects, const std::vector<Term>& terms
) {
    double sum = 0;
    for (const auto& term : terms)
        if (const auto found = effects.find(term.effect); found != effects.end())
            sum += found->second * term.value;
    return sum;
}

}  // namespace vitrine::analytics
