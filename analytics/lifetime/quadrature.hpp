#pragma once

#include <cmath>
#include <span>

namespace vitrine::analytics {

/// A place between 0 and 1, its distance from 1 (exact near 1), and its weight.
struct Node {
    double at, from_end, weight;
};

/// Double-exponential nodes: good at both ends, also where the integrand has no bound there.
std::span<const Node> open_interval_nodes();

/// Gauss and Legendre's, for smooth integrands.
std::span<const Node> smooth_nodes();

/// The integral of a smooth function over [from, to].
template <typename Function>
double integrate(double from, double to, const Function& function) {
    double sum = 0;
    for (const auto& node : smooth_nodes())
        sum += node.weight * function(from + (to - from) * node.at);
    return sum * (to - from);
}

/// Of a positive number; std::lgamma would write the sign to a global, for all threads.
inline double log_gamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

/// The logarithms of two positive numbers, of their sum.
inline double log_sum(double one, double other) {
    const double larger = std::max(one, other);
    if (std::isinf(larger)) return larger;
    return larger + std::log1p(std::exp(std::min(one, other) - larger));
}

}  // namespace vitrine::analytics
