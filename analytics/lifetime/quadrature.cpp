#include "analytics/lifetime/quadrature.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <numbers>
#include <vector>

namespace vitrine::analytics {
namespace {

std::vector<Node> make_open() {
    constexpr double step = 0.1;
    constexpr int side = 36;
    std::vector<Node> nodes;
    for (int i = -side; i <= side; ++i) {
        const double u = step * i;
        const double inner = std::numbers::pi / 2 * std::sinh(u);
        const double at = 1 / (1 + std::exp(-2 * inner));
        const double from_end = 1 / (1 + std::exp(2 * inner));
        const double weight = step * std::numbers::pi * std::cosh(u) * at * from_end;
        if (weight > 0 && at > 0 && from_end > 0) nodes.push_back({at, from_end, weight});
    }
    return nodes;
}

std::vector<Node> make_smooth() {
    using Rule = boost::math::quadrature::gauss<double, 12>;
    std::vector<Node> nodes;
    const auto& places = Rule::abscissa();
    const auto& weights = Rule::weights();
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double half = places[i] / 2;
        nodes.push_back({0.5 + half, 0.5 - half, weights[i] / 2});
        if (half > 0) nodes.push_back({0.5 - half, 0.5 + half, weights[i] / 2});
    }
    return nodes;
}

}  // namespace

std::span<const Node> open_interval_nodes() {
    static const auto nodes = make_open();
    return nodes;
}

std::span<const Node> smooth_nodes() {
    static const auto nodes = make_smooth();
    return nodes;
}

}  // namespace vitrine::analytics
