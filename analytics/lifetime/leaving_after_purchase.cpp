#include "analytics/lifetime/leaving_after_purchase.hpp"

#include <cmath>
#include <limits>

#include "analytics/lifetime/quadrature.hpp"

namespace vitrine::analytics {
namespace {

double log_beta(double a, double b) {
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

}  // namespace

AfterPurchase::AfterPurchase(LeavingAfterPurchase form, const PurchaseParameters& parameters)
    : form_(form),
      r_(parameters[0]),
      alpha_(parameters[1]),
      a_(parameters[2]),
      b_(parameters[3]),
      log_gamma_r_(log_gamma(r_)),
      log_alpha_(std::log(alpha_)),
      log_beta_ab_(log_beta(a_, b_)) {}

AfterPurchase::Ways AfterPurchase::ways(const History& history) const {
    const double k = form_.regularity;
    const double x = history.repeats;
    // Chances to leave that were not taken before the last purchase.
    const double stayed = form_.at_first_purchase ? x : x - 1;
    const double since = history.observed - history.last;
    const double shape = r_ + k * x;
    const double first = r_ * log_alpha_ - log_gamma_r_;
    // That nothing came since: the stages of the next gap are not all through.
    double stays = log_gamma(shape) - shape * std::log(alpha_ + history.observed);
    double stage = stays;
    for (int j = 1; j < form_.regularity && since > 0; ++j) {
        stage += std::log((shape + j - 1) / (alpha_ + history.observed) * since / j);
        stays = log_sum(stays, stage);
    }
    if (stayed < 0) {  // no chance to leave yet
        return {-std::numeric_limits<double>::infinity(), first + stays};
    }
    const double left = log_gamma(shape) - shape * std::log(alpha_ + history.last);
    return {
        first + left + log_beta(a_ + 1, b_ + stayed) - log_beta_ab_,
        first + stays + log_beta(a_, b_ + stayed + 1) - log_beta_ab_,
    };
}

double AfterPurchase::log_likelihood(const History& history) const {
    const auto [left, stays] = ways(history);
    const double k = form_.regularity;
    return log_sum(left, stays) + (k - 1) * history.log_gaps - history.repeats * log_gamma(k);
}

Outlook AfterPurchase::outlook(const History& history, double weeks) const {
    const auto [left, stays] = ways(history);
    const double alive = std::exp(stays - log_sum(left, stays));
    const double x = history.repeats;
    const double stayed = form_.at_first_purchase ? x + 1 : x;
    const double expected =
        expected_of(r_ + form_.regularity * x, alpha_ + history.observed, a_, b_ + stayed, weeks);
    return {alive, alive * expected};
}

double AfterPurchase::expected_of(
    double rate, double scale, double leave, double stay, double weeks
) const {
    // One with rate l and chance p expects (1 - exp(-l p t)) / p purchases; over rates, then
    // chances. Of k stages each, purchases come at a k-th of the rate.
    const double step = weeks / form_.regularity;
    const double constant = log_beta(leave, stay);
    double sum = 0;
    for (const auto& node : open_interval_nodes()) {
        const double density = std::exp(
            (leave - 2) * std::log(node.at) + (stay - 1) * std::log(node.from_end) - constant
        );
        const double buys = -std::expm1(-rate * std::log1p(node.at * step / scale));
        sum += node.weight * density * buys;
    }
    return sum;
}

double AfterPurchase::expected_from_start(double weeks) const {
    if (!form_.at_first_purchase) return expected_of(r_, alpha_, a_, b_, weeks);
    return b_ / (a_ + b_) * expected_of(r_, alpha_, a_, b_ + 1, weeks);
}

}  // namespace vitrine::analytics
