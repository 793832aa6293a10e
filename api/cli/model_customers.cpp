#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "analytics/lifetime/customers.hpp"
#include "analytics/table.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

using analytics::CustomersModel;
using Json = nlohmann::ordered_json;

constexpr int digits = 8;
constexpr double longest_weeks = 5200;

std::optional<analytics::Day> until_of(const FitOptions& options) {
    if (options.until.empty()) return std::nullopt;
    const auto day = analytics::parse_day(options.until);
    if (!day || options.until.size() != 10) {
        throw UsageError("--until must be a day as 2011-12-31, not \"" + options.until + '"');
    }
    return day;
}

std::string names_of(const std::vector<analytics::PurchaseModel>& models) {
    if (models.size() == std::size(analytics::purchase_models)) return "mean of all";
    return analytics::name_of(models.front());
}

Json report_of(const analytics::CustomersFit& fit) {
    Json report;
    report["customers"] = fit.model.customers.size();
    report["until"] = analytics::day_text(fit.model.until);
    if (fit.tests.empty()) {
        report["chosen"] = "mean of all";
        report["backtest"] = nullptr;
        report["backtest_reason"] = "too short a time or too few customers to hold any back";
    } else {
        report["chosen"] = names_of(fit.tests.front().models);
        report["backtest"]["weeks"] = fit.test_weeks;
        report["backtest"]["customers"] = fit.test_customers;
        for (const auto& test : fit.tests) {
            report["backtest"]["models"].push_back(
                {{"name", names_of(test.models)},
                 {"mae", test.mean_error},
                 {"total_error", test.total_error}}
            );
        }
    }
    for (const auto& one : fit.fitted) {
        report["fitted"].push_back(
            {{"name", analytics::name_of(one.model)},
             {"log_likelihood", one.log_likelihood},
             {"parameters", one.parameters}}
        );
    }
    if (const auto& amounts = fit.model.amounts) {
        report["amounts"] = {
            {"name", "Gamma-Gamma"},
            {"log_likelihood", amounts->log_likelihood},
            {"p", amounts->p},
            {"q", amounts->q},
            {"gamma", amounts->gamma}
        };
    }
    return report;
}

FittedModel fit(
    std::string_view csv, const FitOptions& options, const analytics::Progress& progress
) {
    const auto until = until_of(options);
    const auto purchases = taken(analytics::read_purchases(csv, until));
    const auto fit = taken(analytics::fit_customers(purchases, until, progress));
    return {analytics::to_json(fit.model), report_of(fit)};
}

/// "273d" or "39w".
double horizon_of(const PredictOptions& options) {
    if (options.horizon.empty())
        throw UsageError("a model of customers needs --horizon, as --horizon 273d");
    double number = 0;
    const auto* begin = options.horizon.data();
    const auto* end = begin + options.horizon.size();
    const auto [rest, error] = std::from_chars(begin, end, number);
    const std::string_view unit(rest, end);
    const double weeks = unit == "d" ? number / 7 : unit == "w" ? number : 0;
    if (error != std::errc() || !(weeks > 0) || weeks > longest_weeks) {
        throw UsageError(fmt::format(
            "--horizon must be days or weeks as 273d or 39w, not \"{}\"", options.horizon
        ));
    }
    return weeks;
}

struct Asked {
    std::vector<std::string> customers;
    std::vector<analytics::History> histories;
};

/// Those named in a column customer_id that the model knows.
Asked known(const CustomersModel& model, const analytics::Table& table) {
    std::map<std::string_view, std::size_t> numbers;
    for (std::size_t i = 0; i < model.customers.size(); ++i) numbers[model.customers[i]] = i;
    const auto column = taken(table.column("customer_id"));
    Asked asked;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto& name = table.rows[row][column];
        const auto found = numbers.find(name);
        if (found == numbers.end()) {
            throw std::runtime_error(table.fault(row, "the model does not know customer " + name));
        }
        asked.customers.push_back(name);
        asked.histories.push_back(model.histories[found->second]);
    }
    return asked;
}

/// With purchases of their own, seen until the model's day or the last purchase.
Asked bought(const CustomersModel& model, std::string_view csv) {
    const auto purchases = taken(analytics::read_purchases(csv, std::nullopt));
    const auto until = std::max(model.until, purchases.last_day);
    Asked asked;
    for (const auto& [name, days] : purchases.by_customer) {
        asked.customers.push_back(name);
        asked.histories.push_back(analytics::history_of(days, until));
    }
    return asked;
}

Asked asked_of(const CustomersModel& model, std::optional<std::string_view> csv) {
    if (!csv) return {model.customers, model.histories};
    const auto table = taken(analytics::read_table(*csv));
    return table.find("date") ? bought(model, *csv) : known(model, table);
}

std::string predict(
    const nlohmann::json& content,
    std::optional<std::string_view> csv,
    const PredictOptions& options
) {
    const double weeks = horizon_of(options);
    const auto model = analytics::read_content(content, analytics::customers_from_json);
    const auto [customers, histories] = asked_of(model, csv);
    analytics::Table table{.names = {"customer_id", "pred", "p_alive"}, .rows = {}, .lines = {}};
    if (model.amounts) table.names.emplace_back("spend");
    for (std::size_t i = 0; i < customers.size(); ++i) {
        const auto outlook = model.outlook(histories[i], weeks);
        auto& row = table.rows.emplace_back();
        row = {
            customers[i],
            analytics::number_text(outlook.expected, digits),
            analytics::number_text(outlook.alive, digits)
        };
        if (model.amounts) {
            const double spend = outlook.expected * model.amounts->expected(histories[i]);
            row.push_back(analytics::number_text(spend, digits));
        }
    }
    return analytics::write_table(table);
}

}  // namespace

const ModelKind customers_kind{"customers", fit, predict};

}  // namespace vitrine::api
