#include <CLI/CLI.hpp>

#include "api/cli/model_kind.hpp"
#include "api/cli/usage.hpp"

namespace vitrine::api {
namespace {

constexpr int most_ranked = 10'000;

}  // namespace

void add_fit_options(CLI::App& command, FitOptions& options) {
    const auto column = [&](const char* name, std::string& value, const char* help) {
        command.add_option(name, value, help)->type_name("COLUMN")->check(not_empty());
    };
    column("--target", options.target, "binary: what to foretell, a column of two values");
    column("--id", options.id, "binary: the column that names a row; it is no feature");
    command.add_option("--until", options.until, "customers: the last day that counts")
        ->type_name("DATE")
        ->check(not_empty());
    column("--units", options.units, "demand: the column of units sold");
    column("--price", options.price, "demand: the column of the price of one");
    column("--product", options.product, "demand: the column of products; guessed by its name");
    column("--place", options.place, "demand: the column of stores or regions; guessed likewise");
    column("--time", options.time, "demand: the column of weeks or days; guessed likewise");
    command.add_option("--seed", options.seed, "of whatever is drawn at random")
        ->type_name("N")
        ->check(whole_number(0))
        ->capture_default_str();
}

void add_predict_options(CLI::App& command, PredictOptions& options) {
    command.add_option("--horizon", options.horizon, "customers: how far ahead, as 273d or 39w")
        ->type_name("TIME")
        ->check(not_empty());
    command.add_option("--top", options.top, "baskets: how many items to rank")
        ->type_name("N")
        ->check(CLI::Range(1, most_ranked))
        ->capture_default_str();
}

std::string model_kind_help() {
    return "binary: any table. Whether something comes or not (logistic regression and gradient "
           "boosting). Text columns are categories; empty fields are not known.\n"
           "  vitrine model fit binary churn.csv --target left --id customer --out churn.model\n"
           "customers: rows of customer_id, date and perhaps amount. How often each will buy, and "
           "whether at all (BG/NBD, MBG/CNBD-k, Pareto/NBD), and for how much (Gamma-Gamma).\n"
           "  vitrine model fit customers orders.csv --out customers.model\n"
           "baskets: one basket a line, or rows of basket,item. What else will be bought (EASE).\n"
           "  vitrine model fit baskets baskets.csv --out baskets.model\n"
           "demand: rows of units, price and what else there is. Units by price (elasticities of "
           "each product and place, drawn to those of all).\n"
           "  vitrine model fit demand sales.csv --units sold --price price --out demand.model";
}

std::string model_prediction_help() {
    return "binary: id,p of the rows of FILE\n"
           "  vitrine model predict churn.model customers.csv\n"
           "customers: customer_id,pred,p_alive[,spend] within --horizon\n"
           "  vitrine model predict customers.model --horizon 90d\n"
           "baskets: case,ranked for rows of case,rest, items joined by |\n"
           "  vitrine model predict baskets.model carts.csv --top 5\n"
           "demand: the columns of FILE and pred, the expected units\n"
           "  vitrine model predict demand.model plan.csv";
}

}  // namespace vitrine::api
