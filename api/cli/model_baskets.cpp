#include <algorithm>
#include <unordered_map>

#include "analytics/baskets/recommender.hpp"
#include "analytics/table.hpp"
#include "api/cli/model_kind.hpp"
#include "api/cli/subcommands.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr char separator = '|';

Json report_of(const analytics::BasketsFit& fit) {
    Json report;
    report["baskets"] = fit.baskets;
    report["items"] = fit.model.items.size();
    report["items_fitted_together"] = fit.dense_items;
    report["backtest"] = {
        {"cases", fit.test.cases},
        {"hit_at_10", fit.test.hits},
        {"hit_at_10_ease", fit.test.hits_of_ease},
        {"hit_at_10_popularity", fit.test.hits_of_popularity},
    };
    report["chosen"] = {
        {"ridge", fit.options.ridge},
        {"dropout", fit.options.dropout},
        {"constant", fit.options.constant},
        {"size_power", fit.options.size_power},
    };
    return report;
}

FittedModel fit(
    std::string_view csv, const FitOptions& options, const analytics::Progress& progress
) {
    const auto baskets = taken(analytics::read_baskets(csv));
    const auto fit = taken(analytics::fit_recommender(baskets, options.seed, progress));
    return {analytics::to_json(fit.model), report_of(fit)};
}

using Numbers = std::unordered_map<std::string_view, std::size_t>;

/// The items of a basket that the model knows; the others are of no use.
std::vector<std::size_t> known(const Numbers& numbers, std::string_view basket) {
    std::vector<std::size_t> items;
    while (!basket.empty()) {
        const auto end = std::min(basket.find(separator), basket.size());
        if (const auto found = numbers.find(basket.substr(0, end)); found != numbers.end())
            items.push_back(found->second);
        basket.remove_prefix(std::min(end + 1, basket.size()));
    }
    return items;
}

std::string predict(
    const nlohmann::json& content,
    std::optional<std::string_view> csv,
    const PredictOptions& options
) {
    if (!csv) throw UsageError("a model of baskets needs a FILE with the columns case and rest");
    const auto model = analytics::read_content(content, analytics::baskets_from_json);
    Numbers numbers;
    for (std::size_t i = 0; i < model.items.size(); ++i) numbers.emplace(model.items[i], i);
    const auto table = taken(analytics::read_table(*csv));
    const auto name = taken(table.column("case"));
    const auto rest = taken(table.column("rest"));
    analytics::Table answer{.names = {"case", "ranked"}, .rows = {}, .lines = {}};
    for (const auto& row : table.rows) {
        std::string joined;
        for (const auto item :
             model.ranked(known(numbers, row[rest]), static_cast<std::size_t>(options.top))) {
            if (!joined.empty()) joined += separator;
            joined += model.items[item];
        }
        answer.rows.push_back({row[name], joined});
    }
    return analytics::write_table(answer);
}

}  // namespace

const ModelKind baskets_kind{"baskets", fit, predict};

}  // namespace vitrine::api
