#include "analytics/lifetime/customers.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

namespace vitrine::analytics {
namespace {

constexpr double most_total_error = 0.25;
constexpr std::size_t most_test_customers = 6000;
constexpr std::size_t least_test_customers = 20;
constexpr std::chrono::days least_test_days{7};

std::vector<FittedPurchases> fit_all(std::span<const History> histories, const Progress& progress) {
    std::vector<FittedPurchases> fitted(std::size(purchase_models));
    in_parallel(
        fitted.size(),
        [&](std::size_t i) { fitted[i] = fit_purchases(purchase_models[i], histories); },
        progress
    );
    return fitted;
}

/// Each model by itself, and all together.
std::vector<std::vector<PurchaseModel>> candidates() {
    std::vector<std::vector<PurchaseModel>> all;
    for (const auto model : purchase_models) all.push_back({model});
    all.emplace_back(std::begin(purchase_models), std::end(purchase_models));
    return all;
}

bool contains(const std::vector<PurchaseModel>& models, PurchaseModel model) {
    return std::ranges::find(models, model) != models.end();
}

struct HeldBack {
    std::vector<History> histories;
    std::vector<double> came;
    double weeks{};
};

/// What was known at two thirds of the time, and what came after. Of very many customers every so
/// manieth.
HeldBack hold_back(const Purchases& purchases, Day until) {
    Day first = until;
    for (const auto& [name, days] : purchases.by_customer) first = std::min(first, days[0].day);
    const auto held = std::chrono::days((until - first).count() / 3);
    HeldBack back;
    if (held < least_test_days) return back;
    const auto cut = until - held;
    back.weeks = static_cast<double>(held.count()) / 7;
    const auto stride = purchases.by_customer.size() / most_test_customers + 1;
    std::size_t number = 0;
    for (const auto& [name, days] : purchases.by_customer) {
        if (days[0].day > cut || number++ % stride != 0) continue;
        back.histories.push_back(history_of(days, cut));
        back.came.push_back(static_cast<double>(std::ranges::count_if(
            days,
            [&](const Purchase& purchase) { return purchase.day > cut && purchase.day <= until; }
        )));
    }
    return back;
}

std::vector<CustomersTest> test(const HeldBack& back, const std::vector<FittedPurchases>& fitted) {
    std::vector<CustomersTest> tests;
    for (const auto& models : candidates()) {
        CustomersModel candidate;
        for (const auto& one : fitted)
            if (contains(models, one.model)) candidate.models.push_back(one);
        CustomersTest outcome{.models = models, .mean_error = 0, .total_error = 0};
        double said = 0, came = 0;
        for (std::size_t i = 0; i < back.histories.size(); ++i) {
            const double expected = candidate.outlook(back.histories[i], back.weeks).expected;
            outcome.mean_error += std::abs(expected - back.came[i]);
            said += expected;
            came += back.came[i];
        }
        outcome.mean_error /= static_cast<double>(back.histories.size());
        outcome.total_error = came > 0 ? said / came - 1 : 0;
        tests.push_back(std::move(outcome));
    }
    std::ranges::sort(tests, {}, [](const CustomersTest& one) {
        const bool is_far_off = std::abs(one.total_error) > most_total_error;
        return std::tuple(is_far_off, one.mean_error, one.models);
    });
    return tests;
}

}  // namespace

Outlook CustomersModel::outlook(const History& history, double weeks) const {
    Outlook mean;
    for (const auto& one : models) {
        const auto its = analytics::outlook(one.model, one.parameters, history, weeks);
        mean.alive += its.alive / static_cast<double>(models.size());
        mean.expected += its.expected / static_cast<double>(models.size());
    }
    return mean;
}

std::expected<CustomersFit, std::string> fit_customers(
    const Purchases& purchases, std::optional<Day> until, const Progress& progress
) {
    CustomersFit fit;
    fit.model.until = until.value_or(purchases.last_day);
    for (const auto& [name, days] : purchases.by_customer) {
        fit.model.customers.push_back(name);
        fit.model.histories.push_back(history_of(days, fit.model.until));
    }
    const bool any_repeat =
        std::ranges::any_of(fit.model.histories, [](const History& h) { return h.repeats > 0; });
    if (!any_repeat) return std::unexpected("no customer has bought on more than one day");
    const auto models = std::size(purchase_models);
    const auto first_half = [&](std::size_t done, std::size_t) {
        if (progress) progress(done, 2 * models);
    };
    const auto second_half = [&](std::size_t done, std::size_t) {
        if (progress) progress(models + done, 2 * models);
    };
    const auto back = hold_back(purchases, fit.model.until);
    if (back.histories.size() >= least_test_customers) {
        fit.tests = test(back, fit_all(back.histories, first_half));
        fit.test_weeks = back.weeks;
        fit.test_customers = back.histories.size();
    }
    fit.fitted = fit_all(fit.model.histories, second_half);
    const auto chosen = fit.tests.empty() ? candidates().back() : fit.tests.front().models;
    for (const auto& one : fit.fitted)
        if (contains(chosen, one.model)) fit.model.models.push_back(one);
    if (purchases.has_amounts && can_fit_gamma_gamma(fit.model.histories))
        fit.model.amounts = fit_gamma_gamma(fit.model.histories);
    return fit;
}

nlohmann::json to_json(const CustomersModel& model) {
    nlohmann::json json;
    json["until"] = day_text(model.until);
    json["models"] = nlohmann::json::array();
    for (const auto& one : model.models) {
        json["models"].push_back(
            {{"name", name_of(one.model)},
             {"parameters", one.parameters},
             {"log_likelihood", one.log_likelihood}}
        );
    }
    if (model.amounts) {
        const auto& [p, q, gamma, likelihood] = *model.amounts;
        json["amounts"] = {{"p", p}, {"q", q}, {"gamma", gamma}, {"log_likelihood", likelihood}};
    }
    json["customers"] = nlohmann::json::array();
    for (std::size_t i = 0; i < model.customers.size(); ++i) {
        const auto& h = model.histories[i];
        json["customers"].push_back(
            {model.customers[i], h.repeats, h.last, h.observed, h.log_gaps, h.mean_amount}
        );
    }
    return json;
}

CustomersModel customers_from_json(const nlohmann::json& json) {
    const auto require = [](bool holds) {
        if (!holds) throw std::invalid_argument("a value is out of its range");
    };
    CustomersModel model;
    const auto until = parse_day(json.at("until").get<std::string>());
    require(until.has_value());
    model.until = *until;
    for (const auto& one : json.at("models")) {
        FittedPurchases fitted;
        const auto name = one.at("name").get<std::string>();
        const auto* found = std::ranges::find(purchase_models, name, name_of);
        require(found != std::end(purchase_models));
        fitted.model = *found;
        fitted.parameters = one.at("parameters").get<PurchaseParameters>();
        fitted.log_likelihood = one.at("log_likelihood").get<double>();
        require(fitted.parameters.size() == 4 && std::ranges::min(fitted.parameters) > 0);
        model.models.push_back(std::move(fitted));
    }
    require(!model.models.empty());
    if (json.contains("amounts")) {
        const auto& amounts = json.at("amounts");
        model.amounts = GammaGamma{
            amounts.at("p").get<double>(),
            amounts.at("q").get<double>(),
            amounts.at("gamma").get<double>(),
            amounts.at("log_likelihood").get<double>(),
        };
    }
    for (const auto& row : json.at("customers")) {
        require(row.size() == 6);
        model.customers.push_back(row.at(0).get<std::string>());
        History history;
        history.repeats = row.at(1).get<double>();
        history.last = row.at(2).get<double>();
        history.observed = row.at(3).get<double>();
        history.log_gaps = row.at(4).get<double>();
        history.mean_amount = row.at(5).get<double>();
        require(history.repeats >= 0 && history.last >= 0 && history.observed >= history.last);
        model.histories.push_back(history);
    }
    return model;
}

}  // namespace vitrine::analytics
