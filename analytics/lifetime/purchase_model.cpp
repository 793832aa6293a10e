#include "analytics/lifetime/purchase_model.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "analytics/lifetime/leaving_after_purchase.hpp"
#include "analytics/lifetime/leaving_any_time.hpp"
#include "analytics/minimize.hpp"

namespace vitrine::analytics {
namespace {

/// Customers of the same history count together, since times are whole days.
struct Weighted {
    History history;
    double customers{};
};

std::vector<Weighted> together(std::span<const History> histories) {
    std::vector<const History*> sorted;
    for (const auto& history : histories) sorted.push_back(&history);
    const auto key = [](const History* h) {
        return std::tie(h->repeats, h->last, h->observed, h->log_gaps);
    };
    std::ranges::sort(sorted, {}, key);
    std::vector<Weighted> all;
    for (const auto* history : sorted) {
        if (all.empty() || key(&all.back().history) != key(history)) all.push_back({*history, 0});
        ++all.back().customers;
    }
    return all;
}

LeavingAfterPurchase leaving_after(PurchaseModel model) {
    switch (model) {
        case PurchaseModel::mbg_cnbd_1:
            return {.regularity = 1, .at_first_purchase = true};
        case PurchaseModel::mbg_cnbd_2:
            return {.regularity = 2, .at_first_purchase = true};
        case PurchaseModel::mbg_cnbd_3:
            return {.regularity = 3, .at_first_purchase = true};
        default:
            return {.regularity = 1, .at_first_purchase = false};
    }
}

}  // namespace

std::string name_of(PurchaseModel model) {
    switch (model) {
        case PurchaseModel::bg_nbd:
            return "BG/NBD";
        case PurchaseModel::mbg_cnbd_1:
            return "MBG/NBD";
        case PurchaseModel::mbg_cnbd_2:
            return "MBG/CNBD-2";
        case PurchaseModel::mbg_cnbd_3:
            return "MBG/CNBD-3";
        case PurchaseModel::pareto_nbd:
            return "Pareto/NBD";
    }
    return {};
}

double log_likelihood(
    PurchaseModel model, const PurchaseParameters& parameters, const History& history
) {
    if (model == PurchaseModel::pareto_nbd)
        return LeavingAnyTime(parameters).log_likelihood(history);
    return AfterPurchase(leaving_after(model), parameters).log_likelihood(history);
}

FittedPurchases fit_purchases(PurchaseModel model, std::span<const History> histories) {
    const auto customers = together(histories);
    const auto parameters_at = [](std::span<const double> at) {
        PurchaseParameters parameters;
        for (const double logarithm : at) parameters.push_back(std::exp(logarithm));
        return parameters;
    };
    const auto sum_over = [&](const auto& likelihood) {
        double sum = 0;
        for (const auto& each : customers)
            sum += each.customers * likelihood.log_likelihood(each.history);
        return sum;
    };
    const auto total = [&](const PurchaseParameters& parameters) {
        if (model == PurchaseModel::pareto_nbd) return sum_over(LeavingAnyTime(parameters));
        return sum_over(AfterPurchase(leaving_after(model), parameters));
    };
    // Without leaving the mean rate would be that of the repeats: a scale for alpha.
    double repeats = 0, observed = 0;
    for (const auto& history : histories) {
        repeats += history.repeats;
        observed += history.observed;
    }
    const double mean_gap = (observed + 1) / (repeats + 1);
    const double second_scale = model == PurchaseModel::pareto_nbd ? mean_gap : 2.5;
    const auto found = minimize(
        [&](std::span<const double> at) { return -total(parameters_at(at)); },
        {.start = {std::log(0.5), std::log(0.5 * mean_gap), std::log(0.7), std::log(second_scale)},
         .lower = Vector(4, -9),
         .upper = Vector(4, 12),
         .step = Vector(4, 0.5),
         .evaluations = 600,
         .tolerance = 1e-9}
    );
    return {model, parameters_at(found.at), -found.value};
}

Outlook outlook(
    PurchaseModel model, const PurchaseParameters& parameters, const History& history, double weeks
) {
    if (model == PurchaseModel::pareto_nbd)
        return LeavingAnyTime(parameters).outlook(history, weeks);
    return AfterPurchase(leaving_after(model), parameters).outlook(history, weeks);
}

double expected_from_start(
    PurchaseModel model, const PurchaseParameters& parameters, double weeks
) {
    if (model == PurchaseModel::pareto_nbd)
        return LeavingAnyTime(parameters).expected_from_start(weeks);
    return AfterPurchase(leaving_after(model), parameters).expected_from_start(weeks);
}

}  // namespace vitrine::analytics
