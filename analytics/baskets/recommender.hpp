#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analytics/baskets/baskets.hpp"
#include "analytics/baskets/ease.hpp"
#include "analytics/parallel.hpp"

namespace vitrine::analytics {

/// What else will be bought with what is in a basket.
struct BasketsModel {
    std::vector<std::string> items;
    std::vector<double> popularity;  // of each item, without knowing anything of the basket
    struct Weight {
        std::size_t item;
        double weight;
    };
    std::vector<std::vector<Weight>> weights;  // of each item, on others

    /// The best items that are not in the basket, the best first.
    std::vector<std::size_t> ranked(std::span<const std::size_t> basket, std::size_t count) const;
};

/// How often the one item that was taken out of a basket was among the first ten.
struct BasketsTest {
    std::size_t cases{};
    double hits{}, hits_of_ease{}, hits_of_popularity{};
};

struct BasketsFit {
    BasketsModel model;
    EaseOptions options;
    BasketsTest test;
    std::size_t baskets{};
    std::size_t dense_items{};  // fitted together; the rarer ones by what they were bought with
};

std::expected<BasketsFit, std::string> fit_recommender(
    const Baskets& baskets, std::uint64_t seed, const Progress& progress = {}
);

nlohmann::json to_json(const BasketsModel& model);
BasketsModel baskets_from_json(const nlohmann::json& json);

}  // namespace vitrine::analytics
