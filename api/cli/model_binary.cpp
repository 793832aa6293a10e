#include "analytics/binary/binary.hpp"
#include "analytics/table.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr int digits = 8;

Json to_json(const analytics::BinaryScores& scores) {
    return {
        {"auc", scores.auc},
        {"log_loss", scores.log_loss},
        {"expected_calibration_error", scores.calibration_error},
    };
}

Json report_of(const analytics::BinaryFit& fit) {
    Json report;
    report["target"] = fit.model.target;
    report["positive"] = fit.model.positive;
    report["rows"] = fit.rows;
    report["positives"] = fit.positives;
    report["backtest"] = {
        {"folds", fit.folds},
        {"logistic_regression", to_json(fit.logistic)},
        {"gradient_boosting", to_json(fit.boosting)},
        {"mixed", to_json(fit.mixed)},
        {"calibrated", to_json(fit.calibrated)},
    };
    report["chosen"] = {
        {"boosting_share", fit.model.boosting_share},
        {"tree_depth", fit.depth},
        {"trees", fit.rounds},
        {"ridge", fit.penalty},
        {"calibration", fit.model.calibration.method},
    };
    for (const auto& [column, share] : fit.importances)
        report["importances"].push_back({{"column", column}, {"share", share}});
    report["ignored_columns"] = fit.ignored;
    return report;
}

FittedModel fit(
    std::string_view csv, const FitOptions& options, const analytics::Progress& progress
) {
    if (options.target.empty())
        throw UsageError("a binary model needs --target, the column that it foretells");
    if (options.target == options.id) throw UsageError("--id and --target are the same column");
    const auto table = taken(analytics::read_table(csv));
    const auto fit =
        taken(analytics::fit_binary(table, {options.target, options.id, options.seed}, progress));
    return {analytics::to_json(fit.model), report_of(fit)};
}

std::string
predict(const nlohmann::json& content, std::optional<std::string_view> csv, const PredictOptions&) {
    if (!csv) throw UsageError("a binary model needs a FILE of rows to predict");
    const auto model = analytics::read_content(content, analytics::binary_from_json);
    const auto table = taken(analytics::read_table(*csv));
    const auto features = taken(analytics::features_of(table, model.columns));
    std::optional<std::size_t> id;
    if (!model.id.empty()) id = taken(table.column(model.id));
    analytics::Table answer{.names = {"id", "p"}, .rows = {}, .lines = {}};
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::span values(
            features.data() + static_cast<Eigen::Index>(row) * features.cols(),
            static_cast<std::size_t>(features.cols())
        );
        answer.rows.push_back(
            {id ? table.rows[row][*id] : std::to_string(row + 1),
             analytics::number_text(model.probability(values), digits)}
        );
    }
    return analytics::write_table(answer);
}

}  // namespace

const ModelKind binary_kind{"binary", fit, predict};

}  // namespace vitrine::api
