#include "analytics/baskets/recommender.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>
#include <unordered_map>

#include "analytics/table.hpp"

namespace vitrine::analytics {
namespace {

constexpr std::size_t most_dense_items = 4000;
constexpr std::size_t most_tried_items = 600;
constexpr std::size_t most_cases = 4000;
constexpr std::size_t first_places = 10;
constexpr std::size_t weights_kept = 300;
constexpr std::size_t items_kept_whole = 1000;
constexpr std::size_t neighbours_kept = 50;
constexpr std::size_t largest_rare_basket = 500;
constexpr double believed_baskets = 5;  // that a rare item was in without anything else

using Items = std::vector<std::size_t>;

/// Baskets with items numbered by how frequent they are, the most frequent first.
struct Numbered {
    std::vector<Items> baskets;
    Items items;                 // number by rank
    std::vector<double> counts;  // by rank
};

Numbered by_frequency(const Baskets& from) {
    const auto counts = item_counts(from);
    Numbered all;
    all.items.resize(counts.size());
    std::iota(all.items.begin(), all.items.end(), std::size_t{0});
    std::ranges::sort(all.items, [&](std::size_t one, std::size_t other) {
        return counts[one] != counts[other] ? counts[one] > counts[other] : one < other;
    });
    Items ranks(counts.size());
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        ranks[all.items[rank]] = rank;
        all.counts.push_back(static_cast<double>(counts[all.items[rank]]));
    }
    for (const auto& basket : from.baskets) {
        auto& items = all.baskets.emplace_back();
        for (const auto item : basket) items.push_back(ranks[item]);
        std::ranges::sort(items);
    }
    return all;
}

/// A basket without one of its items.
struct Case {
    Items rest;
    std::size_t hidden;
};

struct Split {
    std::vector<Items> seen;
    std::vector<Case> cases;
};

/// A fifth of the baskets is held back.
Split split(const std::vector<Items>& baskets, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Split parts;
    for (const auto& basket : baskets) {
        const auto draw = random();
        if (draw % 5 != 0 || basket.size() < 2 || parts.cases.size() == most_cases) {
            parts.seen.push_back(basket);
            continue;
        }
        const auto at = (draw / 5) % basket.size();
        Case one{.rest = basket, .hidden = basket[at]};
        one.rest.erase(one.rest.begin() + static_cast<std::ptrdiff_t>(at));
        parts.cases.push_back(std::move(one));
    }
    return parts;
}

bool is_hit(const std::vector<float>& scores, const Case& one) {
    if (one.hidden >= scores.size()) return false;
    std::size_t better = 0;
    for (std::size_t item = 0; item < scores.size() && better < first_places; ++item) {
        const bool is_ahead = scores[item] > scores[one.hidden] ||
                              (scores[item] == scores[one.hidden] && item < one.hidden);
        if (is_ahead && !std::ranges::binary_search(one.rest, item)) ++better;
    }
    return better < first_places;
}

double hit_share(const std::vector<Case>& cases, std::size_t items, const EaseWeights* weights) {
    if (cases.empty()) return 0;
    double hits = 0;
    std::vector<float> scores(items);
    for (const auto& one : cases) {
        std::ranges::fill(scores, 0.0F);
        if (weights != nullptr) {
            const auto add = [&](std::size_t row) {
                for (std::size_t item = 0; item < items; ++item)
                    scores[item] +=
                        (*weights)(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(item));
            };
            add(items);
            for (const auto item : one.rest)
                if (item < items) add(item);
        }
        hits += is_hit(scores, one);
    }
    return hits / static_cast<double>(cases.size());
}

std::vector<EaseOptions> candidates(double mean_size) {
    std::vector<EaseOptions> all;
    for (const double ridge : {20.0, 100.0, 300.0, 1000.0}) {
        all.push_back({.ridge = ridge});
        const double scaled = ridge / std::sqrt(mean_size);
        for (const double constant : {0.0, 0.6})
            all.push_back({.ridge = scaled, .dropout = 0.3, .constant = constant, .size_power = 0.5}
            );
    }
    return all;
}

bool is_plain(const EaseOptions& options) {
    return options.size_power == 0;
}

/// What an item too rare for the others' model was bought with.
std::vector<std::unordered_map<std::size_t, double>> neighbours(
    const Numbered& numbered, std::size_t dense
) {
    std::vector<std::unordered_map<std::size_t, double>> all(numbered.items.size());
    for (const auto& basket : numbered.baskets) {
        if (basket.empty() || basket.back() < dense || basket.size() > largest_rare_basket)
            continue;
        for (const auto one : basket)
            for (const auto other : basket)
                if (one != other && (one >= dense || other >= dense)) ++all[one][other];
    }
    return all;
}

/// To so many digits that the model file stays small.
double rounded(double value) {
    return *parse_number(number_text(value, 5));
}

class Assembly {
public:
    Assembly(const Numbered& numbered, std::size_t dense, const EaseWeights& weights)
        : numbered_(numbered),
          dense_(dense),
          weights_(weights),
          neighbours_(
              dense < numbered.items.size() ? neighbours(numbered, dense) : decltype(neighbours_)()
          ) {}

    void put_into(BasketsModel& model) const {
        const auto constant = static_cast<Eigen::Index>(dense_);
        const auto baskets = static_cast<double>(numbered_.baskets.size());
        model.popularity.assign(model.items.size(), 0.0);
        model.weights.resize(model.items.size());
        for (std::size_t rank = 0; rank < numbered_.items.size(); ++rank) {
            const auto item = numbered_.items[rank];
            // By how often it was bought, so that there is an order where nothing else is known.
            const double share = numbered_.counts[rank] / baskets;
            const double learned =
                rank < dense_
                    ? static_cast<double>(weights_(constant, static_cast<Eigen::Index>(rank)))
                    : 0;
            model.popularity[item] = rounded(learned + 1e-4 * share);
            model.weights[item] = of(rank);
        }
    }

private:
    std::vector<BasketsModel::Weight> of(std::size_t rank) const {
        std::vector<BasketsModel::Weight> all;
        const auto put = [&](std::size_t other, double weight) {
            all.push_back({numbered_.items[other], rounded(weight)});
        };
        const auto row = static_cast<Eigen::Index>(rank);
        for (std::size_t other = 0; rank < dense_ && other < dense_; ++other)
            if (other != rank)
                put(other, static_cast<double>(weights_(row, static_cast<Eigen::Index>(other))));
        keep_largest(all, dense_ <= items_kept_whole ? all.size() : weights_kept);
        std::vector<BasketsModel::Weight> rare;
        if (!neighbours_.empty()) {
            for (const auto& [other, count] : neighbours_[rank]) {
                const double weight = count / (numbered_.counts[rank] + believed_baskets);
                rare.push_back({numbered_.items[other], rounded(weight)});
            }
        }
        keep_largest(rare, neighbours_kept);
        all.insert(all.end(), rare.begin(), rare.end());
        std::ranges::sort(all, {}, &BasketsModel::Weight::item);
        return all;
    }

    static void keep_largest(std::vector<BasketsModel::Weight>& weights, std::size_t count) {
        std::ranges::sort(weights, [](const auto& one, const auto& other) {
            const double a = std::abs(one.weight), b = std::abs(other.weight);
            return a != b ? a > b : one.item < other.item;
        });
        if (weights.size() > count) weights.resize(count);
    }

    const Numbered& numbered_;
    std::size_t dense_;
    const EaseWeights& weights_;
    std::vector<std::unordered_map<std::size_t, double>> neighbours_;
};

}  // namespace

std::vector<std::size_t> BasketsModel::ranked(
    std::span<const std::size_t> basket, std::size_t count
) const {
    std::vector<double> scores = popularity;
    for (const auto item : basket)
        for (const auto& [other, weight] : weights[item]) scores[other] += weight;
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t item) {
        return std::ranges::find(basket, item) != basket.end();
    });
    const auto best = std::min(count, order.size());
    std::ranges::partial_sort(
        order,
        order.begin() + static_cast<std::ptrdiff_t>(best),
        [&](std::size_t one, std::size_t other) {
            return scores[one] != scores[other] ? scores[one] > scores[other] : one < other;
        }
    );
    order.resize(best);
    return order;
}

std::expected<BasketsFit, std::string> fit_recommender(
    const Baskets& baskets, std::uint64_t seed, const Progress& progress
) {
    const auto numbered = by_frequency(baskets);
    double entries = 0;
    for (const auto& basket : baskets.baskets) entries += static_cast<double>(basket.size());
    BasketsFit fit;
    fit.baskets = baskets.baskets.size();
    fit.model.items = baskets.items;
    if (baskets.items.size() < 2) return std::unexpected("there is only one item");
    if (entries <= static_cast<double>(fit.baskets))
        return std::unexpected("no basket has two items");
    const auto parts = split(numbered.baskets, seed);
    const auto tried = std::min(baskets.items.size(), most_tried_items);
    const auto options = candidates(entries / static_cast<double>(fit.baskets));
    const auto steps = options.size() + 1;
    double best = -1;
    for (std::size_t i = 0; i < options.size(); ++i) {
        const auto weights = fit_ease(parts.seen, tried, options[i]);
        const double hits = hit_share(parts.cases, tried, &weights);
        if (is_plain(options[i])) fit.test.hits_of_ease = std::max(fit.test.hits_of_ease, hits);
        if (hits > best) {
            best = hits;
            fit.options = options[i];
        }
        if (progress) progress(i + 1, steps);
    }
    fit.test.cases = parts.cases.size();
    fit.test.hits = best;
    fit.test.hits_of_popularity = hit_share(parts.cases, tried, nullptr);
    fit.dense_items = std::min(baskets.items.size(), most_dense_items);
    const auto weights = fit_ease(numbered.baskets, fit.dense_items, fit.options);
    Assembly(numbered, fit.dense_items, weights).put_into(fit.model);
    if (progress) progress(steps, steps);
    return fit;
}

nlohmann::json to_json(const BasketsModel& model) {
    nlohmann::json items = nlohmann::json::array();
    for (std::size_t i = 0; i < model.items.size(); ++i) {
        nlohmann::json others = nlohmann::json::array(), weights = nlohmann::json::array();
        for (const auto& [item, weight] : model.weights[i]) {
            others.push_back(item);
            weights.push_back(weight);
        }
        items.push_back(
            {{"item", model.items[i]},
             {"popularity", model.popularity[i]},
             {"others", std::move(others)},
             {"weights", std::move(weights)}}
        );
    }
    return {{"items", std::move(items)}};
}

BasketsModel baskets_from_json(const nlohmann::json& json) {
    const auto require = [](bool holds) {
        if (!holds) throw std::invalid_argument("a value is out of its range");
    };
    BasketsModel model;
    const auto& items = json.at("items");
    for (const auto& item : items) {
        model.items.push_back(item.at("item").get<std::string>());
        model.popularity.push_back(item.at("popularity").get<double>());
        const auto& others = item.at("others");
        const auto& weights = item.at("weights");
        require(others.size() == weights.size());
        auto& its = model.weights.emplace_back();
        for (std::size_t i = 0; i < others.size(); ++i) {
            its.push_back({others[i].get<std::size_t>(), weights[i].get<double>()});
            require(its.back().item < items.size());
        }
    }
    require(!model.items.empty());
    return model;
}

}  // namespace vitrine::analytics
