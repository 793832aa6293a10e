#pragma once

#include <functional>
#include <span>
#include <vector>

namespace vitrine::analytics {

using Vector = std::vector<double>;

struct Minimum {
    Vector at;
    double value{};
};

struct Search {
    Vector start;
    Vector lower;  // as long as start, or empty: no bound
    Vector upper;
    Vector step{};  // of the first simplex; empty: chosen by the start
    int evaluations = 1000;
    double tolerance = 1e-6;  // relative, of the value
};

/// The least value of a function without gradient near a start, by Nelder and Mead's simplex within
/// bounds. Deterministic. A value that is not finite counts as very large.
Minimum minimize(
    const std::function<double(std::span<const double>)>& function, const Search& search
);

}  // namespace vitrine::analytics
