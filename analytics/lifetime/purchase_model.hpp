#pragma once

#include <span>
#include <string>
#include <vector>

#include "analytics/lifetime/history.hpp"

namespace vitrine::analytics {

/// What a model expects of a customer.
struct Outlook {
    double alive{};     // the probability that the customer will buy again at all
    double expected{};  // purchases (days with one) within the horizon
};

/// How often customers buy and when they stop: a distribution of rates over customers, and one of
/// how they leave. All have four positive parameters.
enum class PurchaseModel {
    bg_nbd,      // leaves after a repeat purchase (Fader, Hardie and Lee 2005)
    mbg_cnbd_1,  // also after the first one (MBG/NBD: Batislam, Denizel and Filiztekin 2007)
    mbg_cnbd_2,  // and buys more regularly than by chance (MBG/CNBD-k: Platzer and Reutterer 2016)
    mbg_cnbd_3,
    pareto_nbd,  // leaves at any time (Schmittlein, Morrison and Colombo 1987)
};
inline constexpr PurchaseModel purchase_models[] = {
    PurchaseModel::bg_nbd,
    PurchaseModel::mbg_cnbd_1,
    PurchaseModel::mbg_cnbd_2,
    PurchaseModel::mbg_cnbd_3,
    PurchaseModel::pareto_nbd,
};

std::string name_of(PurchaseModel model);

/// r, alpha: rates are Gamma-distributed. The other two: a, b of a Beta distribution of leaving at
/// a purchase, or s, beta of a Gamma-distributed rate of leaving.
using PurchaseParameters = std::vector<double>;

struct FittedPurchases {
    PurchaseModel model{};
    PurchaseParameters parameters;
    double log_likelihood{};
};

double log_likelihood(
    PurchaseModel model, const PurchaseParameters& parameters, const History& history
);

/// By maximum likelihood.
FittedPurchases fit_purchases(PurchaseModel model, std::span<const History> histories);

/// `weeks`: the horizon.
Outlook outlook(
    PurchaseModel model, const PurchaseParameters& parameters, const History& history, double weeks
);

/// Of a customer who has just bought for the first time.
double expected_from_start(PurchaseModel model, const PurchaseParameters& parameters, double weeks);

}  // namespace vitrine::analytics
