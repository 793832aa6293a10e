#include "analytics/lifetime/leaving_any_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analytics/lifetime/quadrature.hpp"

namespace vitrine::analytics {

LeavingAnyTime::LeavingAnyTime(const PurchaseParameters& parameters)
    : r_(parameters[0]),
      alpha_(parameters[1]),
      s_(parameters[2]),
      beta_(parameters[3]),
      constant_(r_ * std::log(alpha_) + s_ * std::log(beta_) - log_gamma(r_)) {}

LeavingAnyTime::Ways LeavingAnyTime::ways(const History& history) const {
    const double shape = r_ + history.repeats;
    const double stays =
        -shape * std::log(alpha_ + history.observed) - s_ * std::log(beta_ + history.observed);
    if (history.observed <= history.last) return {-std::numeric_limits<double>::infinity(), stays};
    // Left at some time since the last purchase. Over the logarithm of time the integrand is
    // smooth.
    const double origin = std::min(alpha_, beta_);
    const double largest = -shape * std::log(alpha_ + history.last);
    const double sum = integrate(
        std::log(origin + history.last),
        std::log(origin + history.observed),
        [&](double logarithm) {
            const double moved = std::exp(logarithm);
            const double time = moved - origin;
            return std::exp(
                logarithm - shape * std::log(alpha_ + time) - largest -
                (s_ + 1) * std::log(beta_ + time)
            );
        }
    );
    return {std::log(s_) + largest + std::log(sum), stays};
}

double LeavingAnyTime::log_likelihood(const History& history) const {
    const auto [left, stays] = ways(history);
    return constant_ + log_gamma(r_ + history.repeats) + log_sum(left, stays);
}

double LeavingAnyTime::expected_of(double rate, double scale, double leaving, double weeks) const {
    const double logarithm = std::log1p(weeks / leaving);
    const double power = 1 - s_;
    const double time = std::abs(power) < 1e-9 ? leaving * logarithm
                                               : leaving * std::expm1(power * logarithm) / power;
    return rate / scale * time;
}

Outlook LeavingAnyTime::outlook(const History& history, double weeks) const {
    const auto [left, stays] = ways(history);
    const double alive = std::exp(stays - log_sum(left, stays));
    const double expected = expected_of(
        r_ + history.repeats, alpha_ + history.observed, beta_ + history.observed, weeks
    );
    return {alive, alive * expected};
}

double LeavingAnyTime::expected_from_start(double weeks) const {
    return expected_of(r_, alpha_, beta_, weeks);
}

}  // namespace vitrine::analytics
