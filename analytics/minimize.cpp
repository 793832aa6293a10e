#include "analytics/minimize.hpp"

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace vitrine::analytics {
namespace {

constexpr double very_large = 1e300;

struct Objective {
    const std::function<double(std::span<const double>)>& function;
    Minimum best;

    static double evaluate(unsigned size, const double* at, double*, void* self) {
        auto& objective = *static_cast<Objective*>(self);
        const std::span point(at, size);
        auto value = objective.function(point);
        if (!std::isfinite(value)) value = very_large;
        if (value < objective.best.value) {
            objective.best = {Vector(point.begin(), point.end()), value};
        }
        return value;
    }
};

}  // namespace

Minimum minimize(
    const std::function<double(std::span<const double>)>& function, const Search& search
) {
    const auto size = static_cast<unsigned>(search.start.size());
    auto start = search.start;
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> optimizer(
        nlopt_create(NLOPT_LN_NELDERMEAD, size), nlopt_destroy
    );
    if (!search.lower.empty()) nlopt_set_lower_bounds(optimizer.get(), search.lower.data());
    if (!search.upper.empty()) nlopt_set_upper_bounds(optimizer.get(), search.upper.data());
    for (std::size_t i = 0; i < start.size(); ++i) {
        if (!search.lower.empty()) start[i] = std::max(start[i], search.lower[i]);
        if (!search.upper.empty()) start[i] = std::min(start[i], search.upper[i]);
    }
    if (!search.step.empty()) nlopt_set_initial_step(optimizer.get(), search.step.data());
    nlopt_set_maxeval(optimizer.get(), search.evaluations);
    nlopt_set_ftol_rel(optimizer.get(), search.tolerance);
    Objective objective{function, {start, std::numeric_limits<double>::infinity()}};
    nlopt_set_min_objective(optimizer.get(), Objective::evaluate, &objective);
    double value = 0;
    nlopt_optimize(optimizer.get(), start.data(), &value);
    return objective.best;
}

}  // namespace vitrine::analytics
