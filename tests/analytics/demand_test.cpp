#include "analytics/demand/demand.hpp"

#include <cmath>
#include <random>

#include "analytics/demand/sales.hpp"
#include "analytics/demand/shrinkage.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

/// Two products in twenty stores for forty weeks, elasticities -2 and -3, a promotion that lifts
/// units by a half, the other product's price with a cross elasticity of 0.8.
std::string sales(unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::string csv = "store,week,brand,price,deal,sold\n";
    std::vector<double> levels;
    for (int store = 0; store < 20; ++store) levels.push_back(5 + 0.5 * normal(random));
    for (int week = 0; week < 40; ++week) {
        for (std::size_t store = 0; store < 20; ++store) {
            const double a = std::exp(0.2 * normal(random)), b = std::exp(0.2 * normal(random));
            for (const bool is_a : {true, false}) {
                const int deal = random() % 4 == 0;
                const double own = std::log(is_a ? a : b), other = std::log(is_a ? b : a);
                const double logarithm = levels[store] + (is_a ? -2 : -3) * own + 0.8 * other +
                                         deal * std::log(1.5) + 0.1 * normal(random);
                csv += "s" + std::to_string(store) + "," + std::to_string(week) +
                       (is_a ? ",a," : ",b,") + number_text(is_a ? a : b, 6) + "," +
                       std::to_string(deal) + "," + number_text(std::exp(logarithm), 6) + "\n";
            }
        }
    }
    return csv;
}

const DemandQuestion question{
    .units = "sold", .price = "price", .product = "", .place = "", .time = "", .seed = 1
};

}  // namespace

TEST_CASE("the elasticities that sales were made with are found", "[demand]") {
    const auto table = *read_table(sales(1));
    const auto fit = fit_demand(table, question);
    REQUIRE(fit);
    CHECK(fit->model.columns.product == "brand");
    CHECK(fit->model.columns.place == "store");
    CHECK(fit->model.columns.time == "week");
    CHECK(fit->held_back_by == "time");
    REQUIRE(fit->elasticities.size() == 2);
    CHECK(fit->elasticities[0].mean == Approx(-2).margin(0.15));
    CHECK(fit->elasticities[1].mean == Approx(-3).margin(0.15));
    CHECK(fit->model.effects.at("price of b|a") == Approx(0.8).margin(0.15));
    CHECK(fit->shrunk.rmse <= fit->pooled.rmse);
    CHECK(fit->shrunk.rmse_of_logarithm < 0.15);
    const auto units = predict_demand(fit->model, table);
    REQUIRE(units);
    double said = 0, came = 0;
    for (std::size_t row = 0; row < units->size(); ++row) {
        CHECK((*units)[row] > 0);
        said += (*units)[row];
        came += *parse_number(table.rows[row][5]);
    }
    CHECK(said == Approx(came).epsilon(0.001));
    const auto json = to_json(fit->model);
    CHECK(json == to_json(fit_demand(table, question)->model));
    CHECK(to_json(demand_from_json(json)) == json);
    auto wrong = json;
    wrong["smearing"] = nlohmann::json::object();
    CHECK_THROWS(demand_from_json(wrong));
}

TEST_CASE("a dearer product sells less, and unknown ones as the average does", "[demand]") {
    const auto fit = fit_demand(*read_table(sales(2)), question);
    REQUIRE(fit);
    const auto units = predict_demand(
        fit->model,
        *read_table(
            "store,week,brand,price,deal\ns1,50,a,1,0\ns1,51,a,1.5,0\nnew,50,c,1,0\ns1,52,a,1,\n"
        )
    );
    REQUIRE(units);
    CHECK((*units)[1] < (*units)[0]);
    CHECK((*units)[2] > 0);
    CHECK((*units)[3] > 0);
}

TEST_CASE("shrinkage is ridge regression, and a strong one draws to nothing", "[demand]") {
    Shrinkage shrinkage;
    // y = 3 for x = 1 and y = 1 for x = -1: without a ridge the slope is 1 and the constant 2.
    const auto terms = [](double x) {
        return std::vector<Term>{
            {"level", 1, TermGroup::common}, {"price", x, TermGroup::elasticity}
        };
    };
    shrinkage.add(terms(1), 3, 1);
    shrinkage.add(terms(-1), 1, 1);
    Penalties penalties{};
    auto effects = shrinkage.solve(penalties);
    CHECK(effects.at("level") == Approx(2));
    CHECK(effects.at("price") == Approx(1));
    penalties[static_cast<std::size_t>(TermGroup::elasticity)] = 2;
    effects = shrinkage.solve(penalties);
    CHECK(effects.at("price") == Approx(0.5));  // 2 / (2 + 2)
    CHECK(sum_of_effects(effects, terms(1)) == Approx(2.5));
    CHECK(sum_of_effects(effects, {{"unknown", 1, TermGroup::level}}) == 0);
}

TEST_CASE("a row of sales that cannot be meant is refused with its line", "[demand]") {
    const auto refused = [](std::string csv, const std::string& told) {
        const auto fit = fit_demand(*read_table(csv), question);
        REQUIRE_FALSE(fit);
        CHECK_THAT(fit.error(), Catch::Contains(told));
    };
    refused("sold,price\n1,0\n", "line 2: has a price that is not a number above zero");
    refused("sold,price\n-1,2\n", "line 2: has sold that are not a number from zero");
    refused("sold,price\n1,2\n", "fewer rows");
    refused("sold,prize\n1,2\n", "no column price; do you mean \"prize\"?");
    CHECK(is_before("9", "10"));
    CHECK(is_before("2011-01-31", "2011-02-01"));
}
