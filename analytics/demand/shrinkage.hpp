#pragma once

#include <Eigen/Core>
#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "analytics/demand/terms.hpp"

namespace vitrine::analytics {

/// How strongly the effects of each group are drawn to zero.
using Penalties = std::array<double, term_groups>;

/// Weighted least squares of the logarithms of units on terms, with a ridge by group. What does not
/// depend on the penalties is computed once.
class Shrinkage {
public:
    void add(const std::vector<Term>& terms, double outcome, double weight);

    std::size_t effects() const { return numbers_.size(); }
    std::map<std::string, double> solve(const Penalties& penalties) const;

private:
    void grow();

    std::map<std::string, Eigen::Index, std::less<>> numbers_;
    std::vector<TermGroup> groups_;
    Eigen::MatrixXd products_;  // its lower triangle
    Eigen::VectorXd right_;
};

/// What the effects say of the terms; unknown ones say nothing.
double sum_of_effects(const std::map<std::string, double>& effects, const std::vector<Term>& terms);

}  // namespace vitrine::analytics
