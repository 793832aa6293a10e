#include "analytics/binary/binary.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "analytics/binary/outcomes.hpp"
#include "analytics/binary/scores.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

/// Whoever pays monthly and is new leaves more often; `noise` tells nothing.
Table customers(int rows, unsigned seed) {
    std::mt19937 random(seed);
    std::string csv = "id,plan,months,noise,left\n";
    for (int i = 0; i < rows; ++i) {
        const bool monthly = random() % 2 == 0;
        const unsigned months = random() % 60;
        const double margin = (monthly ? 1.5 : -1.5) - 0.05 * months + 0.5;
        const bool left = random() % 10000 < 10000 * sigmoid(margin);
        csv += std::to_string(i) + (monthly ? ",monthly," : ",yearly,") +
               (random() % 20 == 0 ? "" : std::to_string(months)) + "," +
               std::to_string(random() % 100) + (left ? ",Yes\n" : ",No\n");
    }
    return *read_table(csv);
}

Features matrix(std::initializer_list<std::initializer_list<double>> rows) {
    Features features(
        static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.begin()->size())
    );
    Eigen::Index r = 0;
    for (const auto& row : rows) {
        Eigen::Index c = 0;
        for (const double value : row) features(r, c++) = value;
        ++r;
    }
    return features;
}

}  // namespace

TEST_CASE("the area under the curve is the share of pairs in order", "[binary]") {
    CHECK(area_under_curve(std::vector{0.1, 0.2, 0.3}, std::vector{0, 0, 1}) == 1);
    CHECK(area_under_curve(std::vector{0.5, 0.5}, std::vector{0, 1}) == 0.5);
    rc::check([](std::vector<std::pair<int, bool>> rows) {
        std::vector<double> scores;
        std::vector<int> outcomes;
        for (const auto& [score, outcome] : rows) {
            scores.push_back(score % 10);
            outcomes.push_back(outcome);
        }
        double ordered = 0, pairs = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t j = 0; j < rows.size(); ++j) {
                if (outcomes[i] != 1 || outcomes[j] != 0) continue;
                ++pairs;
                ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }
        const double expected = pairs > 0 ? ordered / pairs : 0.5;
        RC_ASSERT(std::abs(area_under_curve(scores, outcomes) - expected) < 1e-9);
    });
}

TEST_CASE("the gradient of the logistic loss is that of finite differences", "[binary]") {
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    Eigen::MatrixXd scaled(30, 4);
    Eigen::VectorXd outcomes(30), weights(4), gradient;
    for (Eigen::Index i = 0; i < 30; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) scaled(i, j) = j == 0 ? 1 : normal(random);
        outcomes[i] = random() % 2;
    }
    for (Eigen::Index j = 0; j < 4; ++j) weights[j] = normal(random);
    logistic_loss(scaled, outcomes, weights, 3, &gradient);
    for (Eigen::Index j = 0; j < 4; ++j) {
        Eigen::VectorXd above = weights, below = weights;
        above[j] += 1e-5;
        below[j] -= 1e-5;
        const double difference = logistic_loss(scaled, outcomes, above, 3, nullptr) -
                                  logistic_loss(scaled, outcomes, below, 3, nullptr);
        CHECK(gradient[j] == Approx(difference / 2e-5).epsilon(1e-5));
    }
}

TEST_CASE("without a penalty the logistic fit meets the shares of a table", "[binary]") {
    // 1 of 4 where x is 0, 3 of 4 where it is 1: the margins are those odds.
    const auto features = matrix({{0}, {0}, {0}, {0}, {1}, {1}, {1}, {1}});
    const std::vector<int> outcomes{0, 0, 0, 1, 0, 1, 1, 1};
    const auto model = fit_logistic(features, outcomes, 1e-9);
    CHECK(sigmoid(model.margin(std::vector{0.0})) == Approx(0.25).epsilon(1e-4));
    CHECK(sigmoid(model.margin(std::vector{1.0})) == Approx(0.75).epsilon(1e-4));
}

TEST_CASE("the trees that are kept are those of XGBoost: one stump is a Newton step", "[binary]") {
    const auto features =
        matrix({{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0},
                {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}});
    std::vector<int> outcomes(32, 0);
    for (std::size_t i = 16; i < 32; ++i) outcomes[i] = 1;
    const auto model =
        fit_boosting(features, outcomes, {.depth = 1, .rounds = 40, .rate = 0.3, .seed = 1});
    CHECK(model.trees.size() == 40);
    for (const auto& tree : model.trees) CHECK(is_sound(tree, 1));
    const double low = model.margin(std::vector{0.0}), high = model.margin(std::vector{1.0});
    CHECK(low < -0.5);
    CHECK(high > 0.5);
    CHECK(
        model.margin(std::vector{1.0}, 0, 20) + model.margin(std::vector{1.0}, 20, 20) ==
        Approx(high)
    );
}

TEST_CASE("a tree that would never end or has no such feature is not sound", "[binary]") {
    const Tree good{{1, -1, -1}, {2, -1, -1}, {0, 0, 0}, {0.5F, 1, 2}, {1, 0, 0}};
    CHECK(is_sound(good, 1));
    auto tree = good;
    tree.left[0] = 0;
    CHECK_FALSE(is_sound(tree, 1));
    tree = good;
    tree.right[0] = 9;
    CHECK_FALSE(is_sound(tree, 1));
    CHECK_FALSE(is_sound(good, 0));
    CHECK_FALSE(is_sound({}, 1));
}

TEST_CASE("isotonic calibration is what a slow search finds, and increases", "[binary]") {
    std::mt19937 random(11);
    std::vector<double> margins;
    std::vector<int> outcomes;
    for (int i = 0; i < 60; ++i) {
        margins.push_back(i / 10.0 - 3);
        outcomes.push_back(random() % 1000 < 1000 * sigmoid(margins.back()));
    }
    const auto calibration = fit_isotonic(margins, outcomes);
    // min-max: the value at i is max over j <= i of min over k >= i of the mean of j..k.
    const auto slow = [&](std::size_t i) {
        double best = 0;
        for (std::size_t j = 0; j <= i; ++j) {
            double least = 1;
            for (std::size_t k = i; k < outcomes.size(); ++k) {
                double sum = 0;
                for (std::size_t m = j; m <= k; ++m) sum += outcomes[m];
                least = std::min(least, sum / static_cast<double>(k - j + 1));
            }
            best = std::max(best, least);
        }
        return best;
    };
    std::vector<double> levels;
    for (std::size_t i = 0; i < margins.size(); ++i)
        if (levels.empty() || slow(i) > levels.back() + 1e-12) levels.push_back(slow(i));
    REQUIRE(calibration.probabilities.size() >= levels.size());
    for (const double level : levels)
        CHECK(std::ranges::any_of(calibration.probabilities, [&](double p) {
            return std::abs(p - level) < 1e-9;
        }));
    double before = -1;
    for (double margin = -6; margin < 6; margin += 0.05) {
        const double p = calibration.probability(margin);
        CHECK(p > before);
        CHECK(p >= 0);
        CHECK(p <= 1);
        before = p;
    }
}

TEST_CASE("what decides is found, by name, and what tells nothing is not", "[binary]") {
    const auto table = customers(1500, 1);
    const auto fit = fit_binary(table, {.target = "left", .id = "id", .seed = 1});
    REQUIRE(fit);
    CHECK(fit->model.positive == "Yes");
    CHECK(fit->calibrated.auc > 0.8);
    CHECK(fit->calibrated.calibration_error < 0.06);
    CHECK(fit->importances.front().column != "noise");
    const auto test = customers(1500, 2);
    const auto features = features_of(test, fit->model.columns);
    const auto outcomes = read_outcomes(test, "left");
    std::vector<double> said;
    for (Eigen::Index i = 0; i < features->rows(); ++i) {
        said.push_back(
            fit->model.probability({&(*features)(i, 0), static_cast<std::size_t>(features->cols())})
        );
        CHECK((said.back() >= 0 && said.back() <= 1));
    }
    CHECK(area_under_curve(said, outcomes->came) > 0.8);
    CHECK(calibration_error(said, outcomes->came) < 0.08);

    const auto json = to_json(fit->model);
    CHECK(json == to_json(fit_binary(table, {.target = "left", .id = "id", .seed = 1})->model));
    const auto again = binary_from_json(json);
    CHECK(to_json(again) == json);
    CHECK(
        again.probability({&(*features)(0, 0), static_cast<std::size_t>(features->cols())}) ==
        said[0]
    );
    auto wrong = json;
    wrong["boostings"][0][0]["feature"][0] = 99;
    CHECK_THROWS(binary_from_json(wrong));
    wrong = json;
    wrong["logistic"]["weights"].push_back(1.0);
    CHECK_THROWS(binary_from_json(wrong));
}

TEST_CASE("an outcome has two values, and which is meant is clear", "[binary]") {
    const auto positive = [](const char* csv) {
        return read_outcomes(*read_table(csv), "y")->positive;
    };
    CHECK(positive("x,y\n1,0\n1,1\n") == "1");
    CHECK(positive("x,y\n1,no\n1,yes\n1,yes\n") == "yes");
    CHECK(positive("x,y\n1,kept\n1,kept\n1,lost\n") == "lost");
    const auto refused = [](const char* csv, const std::string& told) {
        const auto answer = read_outcomes(*read_table(csv), "y");
        REQUIRE_FALSE(answer);
        CHECK_THAT(answer.error(), Catch::Contains(told));
    };
    refused("x,y\n1,a\n1,b\n1,c\n", "line 4: has a third value");
    refused("x,y\n1,a\n1,\n", "line 3: has no y");
    refused("x,y\n1,a\n", "not two values");
    refused("x,z\n1,a\n", "no column y");
}

TEST_CASE("columns are numbers or categories, and rows must keep to it", "[binary]") {
    const auto table =
        *read_table("n,c,y\n1,a,0\n,b,1\n 3 ,a,0\n1,a,0\n1,a,1\n1,b,1\n2,b,1\n2,b,1\n2,b,1\n2,a,0\n"
        );
    const auto columns = feature_columns(table, {"y"});
    REQUIRE(columns.size() == 2);
    CHECK(columns[0].is_number);
    CHECK(columns[1].categories == std::vector<std::string>{"a"});
    const auto features = features_of(table, columns);
    REQUIRE(features);
    CHECK(std::isnan((*features)(1, 0)));
    CHECK((*features)(2, 0) == 3);
    CHECK((*features)(0, 1) == 1);
    const auto wrong = features_of(*read_table("n,c\nx,a\n"), columns);
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error(), Catch::Contains("line 2: has \"x\" for the number n"));
    CHECK_FALSE(features_of(*read_table("n\n1\n"), columns));
}
