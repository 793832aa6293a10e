#include "analytics/demand/demand.hpp"
#include "analytics/table.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr int digits = 8;

Json to_json(const analytics::DemandScores& scores) {
    return {{"rmse", scores.rmse}, {"rmse_of_logarithm", scores.rmse_of_logarithm}};
}

Json name_or_null(const std::string& name) {
    return name.empty() ? Json() : Json(name);
}

Json report_of(const analytics::DemandFit& fit) {
    const auto& columns = fit.model.columns;
    Json report;
    report["rows"] = fit.rows;
    report["columns"] = {
        {"units", columns.units},
        {"price", columns.price},
        {"product", name_or_null(columns.product)},
        {"place", name_or_null(columns.place)},
        {"time", name_or_null(columns.time)},
        {"context", columns.numbers},
    };
    for (const auto& name : columns.categories) report["columns"]["context"].push_back(name);
    report["backtest"] = {
        {"held_back", fit.held_back},
        {"held_back_by", fit.held_back_by},
        {"model", to_json(fit.shrunk)},
        {"pooled_regression", to_json(fit.pooled)},
    };
    for (const auto& [product, mean, least, most] : fit.elasticities) {
        report["elasticities"].push_back(
            {{"product", name_or_null(product)}, {"mean", mean}, {"least", least}, {"most", most}}
        );
    }
    return report;
}

FittedModel fit(
    std::string_view csv, const FitOptions& options, const analytics::Progress& progress
) {
    if (options.units.empty() || options.price.empty())
        throw UsageError("a model of demand needs --units and --price, the columns of both");
    if (options.units == options.price) throw UsageError("--units and --price are the same column");
    const auto table = taken(analytics::read_table(csv));
    const analytics::DemandQuestion question{
        .units = options.units,
        .price = options.price,
        .product = options.product,
        .place = options.place,
        .time = options.time,
        .seed = options.seed,
    };
    const auto fit = taken(analytics::fit_demand(table, question, progress));
    return {analytics::to_json(fit.model), report_of(fit)};
}

std::string
predict(const nlohmann::json& content, std::optional<std::string_view> csv, const PredictOptions&) {
    if (!csv) throw UsageError("a model of demand needs a FILE of rows to predict");
    const auto model = analytics::read_content(content, analytics::demand_from_json);
    auto table = taken(analytics::read_table(*csv));
    const auto units = taken(analytics::predict_demand(model, table));
    if (table.find("pred")) throw std::runtime_error("line 1: there is a column pred already");
    table.names.emplace_back("pred");
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        table.rows[row].push_back(analytics::number_text(units[row], digits));
    return analytics::write_table(table);
}

}  // namespace

const ModelKind demand_kind{"demand", fit, predict};

}  // namespace vitrine::api
