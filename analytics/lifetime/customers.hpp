#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/lifetime/gamma_gamma.hpp"
#include "analytics/lifetime/purchase_model.hpp"
#include "analytics/parallel.hpp"

namespace vitrine::analytics {

/// How a model, or the mean of several, foretold purchases that were held back.
struct CustomersTest {
    std::vector<PurchaseModel> models;
    double mean_error{};   // absolute, a customer
    double total_error{};  // of the sum over all customers, relative
};

/// What customers will buy: the mean of purchase models, and Gamma-Gamma for amounts.
struct CustomersModel {
    std::vector<FittedPurchases> models;
    std::optional<GammaGamma> amounts;
    Day until{};
    std::vector<std::string> customers;
    std::vector<History> histories;

    Outlook outlook(const History& history, double weeks) const;
};

struct CustomersFit {
    CustomersModel model;
    std::vector<CustomersTest> tests;  // the chosen one first; empty where the past is too short
    double test_weeks{};
    std::size_t test_customers{};
    std::vector<FittedPurchases> fitted;  // all of them, on everything
};

/// The models, or mean of them, with the least absolute error on the last third of the time, among
/// those whose total is not too far off there.
std::expected<CustomersFit, std::string> fit_customers(
    const Purchases& purchases, std::optional<Day> until, const Progress& progress = {}
);

nlohmann::json to_json(const CustomersModel& model);
CustomersModel customers_from_json(const nlohmann::json& json);

}  // namespace vitrine::analytics
