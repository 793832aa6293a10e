#include <rapidcheck.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <random>

#include "analytics/baskets/recommender.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::analytics;

namespace {

/// Items 0 to 9 in pairs that are bought together, and 10 with anything.
Baskets pairs(int count, unsigned seed) {
    std::mt19937 random(seed);
    Baskets all;
    for (int i = 0; i <= 10; ++i)
        all.items.push_back("i" + std::string(1, static_cast<char>('a' + i)));
    for (int i = 0; i < count; ++i) {
        std::vector<std::size_t> basket;
        const std::size_t pair = random() % 5;
        if (random() % 5 > 0) basket.push_back(2 * pair);
        if (random() % 5 > 0) basket.push_back(2 * pair + 1);
        if (random() % 2 == 0) basket.push_back(10);
        if (!basket.empty()) all.baskets.push_back(basket);
    }
    return all;
}

}  // namespace

TEST_CASE("EASE is its closed form", "[baskets]") {
    const auto baskets = pairs(200, 1);
    const EaseOptions options{.ridge = 7, .dropout = 0.2, .constant = 0.5, .size_power = 0.5};
    const auto weights = fit_ease(baskets.baskets, 11, options);
    // By Steck: B = I - P / diag(P), P the inverse of X'X + ridge.
    Eigen::MatrixXd x =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(baskets.baskets.size()), 12);
    for (std::size_t b = 0; b < baskets.baskets.size(); ++b) {
        const auto& basket = baskets.baskets[b];
        const double scale = std::pow(static_cast<double>(basket.size()), -0.25);
        const auto row = static_cast<Eigen::Index>(b);
        for (const auto item : basket) x(row, static_cast<Eigen::Index>(item)) = scale;
        x(row, 11) = 0.5 * scale;
    }
    Eigen::MatrixXd g = x.transpose() * x;
    for (Eigen::Index i = 0; i < 12; ++i) g(i, i) += 7 + (i < 11 ? 0.25 * g(i, i) : 0);
    const Eigen::MatrixXd p = g.inverse();
    for (Eigen::Index i = 0; i < 12; ++i) {
        for (Eigen::Index j = 0; j < 11; ++j) {
            const double expected = i == j ? 0 : -p(i, j) / p(j, j) * (i == 11 ? 0.5 : 1);
            CHECK(static_cast<double>(weights(i, j)) == Approx(expected).margin(1e-4));
        }
    }
}

TEST_CASE("blocks of columns make the same weights as one", "[baskets]") {
    std::mt19937 random(2);
    std::vector<std::vector<std::size_t>> baskets;
    for (int i = 0; i < 400; ++i) {
        std::vector<std::size_t> basket;
        for (int k = 0; k < 4; ++k) basket.push_back(random() % 300);
        std::ranges::sort(basket);
        basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
        baskets.push_back(basket);
    }
    const auto weights = fit_ease(baskets, 300, {.ridge = 5});
    Eigen::MatrixXd x = Eigen::MatrixXd::Zero(400, 300);
    for (std::size_t b = 0; b < baskets.size(); ++b)
        for (const auto item : baskets[b])
            x(static_cast<Eigen::Index>(b), static_cast<Eigen::Index>(item)) = 1;
    Eigen::MatrixXd g = x.transpose() * x;
    g.diagonal().array() += 5;
    const Eigen::MatrixXd p = g.inverse();
    double largest = 0;
    for (Eigen::Index i = 0; i < 300; ++i)
        for (Eigen::Index j = 0; j < 300; ++j)
            if (i != j)
                largest = std::max(
                    largest, std::abs(static_cast<double>(weights(i, j)) + p(i, j) / p(j, j))
                );
    CHECK(largest < 1e-4);
}

TEST_CASE("what is bought together is recommended together", "[baskets]") {
    const auto baskets = pairs(2000, 3);
    const auto fit = fit_recommender(baskets, 1);
    REQUIRE(fit);
    CHECK(fit->test.cases > 100);
    CHECK(fit->test.hits >= fit->test.hits_of_ease);
    CHECK(fit->test.hits >= fit->test.hits_of_popularity);
    for (std::size_t pair = 0; pair < 5; ++pair) {
        const std::vector<std::size_t> one{2 * pair};
        const auto best = fit->model.ranked(one, 2);
        CHECK(std::ranges::find(best, 2 * pair + 1) != best.end());
    }
    CHECK(fit->model.ranked({}, 1) == std::vector<std::size_t>{10});
    CHECK(fit->model.ranked(std::vector<std::size_t>{10}, 100).size() == 10);
    const auto json = to_json(fit->model);
    CHECK(json == to_json(fit_recommender(baskets, 1)->model));
    CHECK(to_json(baskets_from_json(json)) == json);
    auto wrong = json;
    wrong["items"][0]["others"][0] = 11;
    CHECK_THROWS(baskets_from_json(wrong));
    wrong = json;
    wrong["items"][0]["weights"].push_back(1);
    CHECK_THROWS(baskets_from_json(wrong));
}

TEST_CASE("baskets are lines of items or rows of a basket's items", "[baskets]") {
    const auto lines = read_baskets("milk,bread,milk\n\n\"a, b\",milk\n");
    REQUIRE(lines);
    CHECK(lines->items == std::vector<std::string>{"a, b", "bread", "milk"});
    CHECK(lines->baskets == std::vector<std::vector<std::size_t>>{{1, 2}, {0, 2}});
    const auto rows = read_baskets("basket,item\n7,milk\n8,bread\n7,bread\n7,milk\n");
    REQUIRE(rows);
    CHECK(rows->baskets == std::vector<std::vector<std::size_t>>{{0, 1}, {0}});
    const auto refused = [](std::string_view csv, const std::string& told) {
        const auto answer = read_baskets(csv);
        REQUIRE_FALSE(answer);
        CHECK_THAT(answer.error(), Catch::Contains(told));
    };
    refused("milk\nbread,,milk\n", "line 2: has an item without a name");
    refused("basket,item\n7\n", "line 2: has not as many fields");
    refused("basket,item\n,milk\n", "line 2: has no basket");
    refused("basket,item\n7,\n", "line 2: has no item");
    refused("", "there is no basket");
    CHECK_FALSE(fit_recommender(*read_baskets("a\nb\n"), 1));
}
