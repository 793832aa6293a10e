#include "analytics/demand/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>

#include "analytics/demand/sales.hpp"
#include "analytics/demand/shrinkage.hpp"
#include "analytics/demand/terms.hpp"

namespace vitrine::analytics {
namespace {

constexpr double least_units = 0.5;  // that a row without any counts as, for its logarithm
constexpr std::size_t most_effects = 1500;
constexpr std::size_t least_rows = 20;
constexpr double common_penalty = 1e-3;
constexpr std::array penalty_factors{0.1, 1.0, 10.0, 100.0, 10'000.0};
constexpr std::array half_lives{
    0.0, 1.0, 0.3
};  // of a row's weight, in shares of the time; 0: none

using Sales = std::vector<Sale>;

double log_units(const Sale& sale) {
    return std::log(std::max(sale.units, least_units));
}

DemandModel described(const Sales& sales, const DemandColumns& columns) {
    DemandModel model;
    model.columns = columns;
    std::map<std::string, std::pair<double, double>> sums;
    for (const auto& sale : sales) {
        for (const auto& name : std::set<std::string>{"", sale.product}) {
            sums[name].first += sale.log_price;
            ++sums[name].second;
        }
    }
    for (const auto& [product, sum] : sums) model.price_levels[product] = sum.first / sum.second;
    for (std::size_t i = 0; i < columns.numbers.size(); ++i) {
        double sum = 0, squares = 0, count = 0;
        for (const auto& sale : sales) {
            const double value = sale.numbers[i];
            if (std::isnan(value)) continue;
            sum += value;
            squares += value * value;
            ++count;
        }
        const double mean = count > 0 ? sum / count : 0;
        const double variance = count > 0 ? squares / count - mean * mean : 0;
        model.scalings[columns.numbers[i]] = {mean, std::sqrt(std::max(variance, 0.0))};
    }
    return model;
}

/// Moments in order; the number of each.
std::map<std::string, double> moments_of(const Sales& sales) {
    std::set<std::string> seen;
    for (const auto& sale : sales) seen.insert(sale.time);
    std::vector<std::string> sorted(seen.begin(), seen.end());
    std::ranges::sort(sorted, is_before);
    std::map<std::string, double> numbers;
    for (const auto& moment : sorted) numbers.emplace(moment, static_cast<double>(numbers.size()));
    return numbers;
}

struct Parts {
    Sales seen, held;
    bool by_time = false;
};

/// The last quarter of the moments is held back, or a fifth of the rows by chance.
Parts hold_back(const Sales& sales, std::uint64_t seed) {
    const auto moments = moments_of(sales);
    Parts parts;
    parts.by_time = moments.size() >= 4;
    std::mt19937_64 random(seed);
    const double last_seen = std::floor(static_cast<double>(moments.size()) * 0.75);
    for (const auto& sale : sales) {
        const bool is_held = parts.by_time ? moments.at(sale.time) >= last_seen : random() % 5 == 0;
        (is_held ? parts.held : parts.seen).push_back(sale);
    }
    return parts;
}

Shrinkage gathered(
    const Sales& sales, const DemandModel& model, TermScope scope, double half_life
) {
    const Markets markets(sales);
    const auto moments = moments_of(sales);
    const double span = std::max(static_cast<double>(moments.size()) - 1, 1.0);
    Shrinkage shrinkage;
    for (const auto& sale : sales) {
        const double age = (span - moments.at(sale.time)) / span;
        const double weight = half_life > 0 ? std::exp2(-age / half_life) : 1;
        shrinkage.add(terms_of(sale, model, markets, scope), log_units(sale), weight);
    }
    return shrinkage;
}

std::vector<double> logarithms(const DemandModel& model, const Sales& sales) {
    const Markets markets(sales);
    std::vector<double> all;
    for (const auto& sale : sales)
        all.push_back(
            sum_of_effects(model.effects, terms_of(sale, model, markets, TermScope::everything))
        );
    return all;
}

double smearing_of(const DemandModel& model, const std::string& product) {
    const auto found = model.smearing.find(product);
    return found == model.smearing.end() ? model.smearing.at("") : found->second;
}

void learn_smearing(DemandModel& model, const Sales& sales) {
    const auto said = logarithms(model, sales);
    std::map<std::string, std::pair<double, double>> sums;
    for (std::size_t i = 0; i < sales.size(); ++i) {
        for (const auto& name : std::set<std::string>{"", sales[i].product}) {
            sums[name].first += sales[i].units;
            sums[name].second += std::exp(said[i]);
        }
    }
    for (const auto& [product, sum] : sums) model.smearing[product] = sum.first / sum.second;
}

std::vector<double> expected_units(const DemandModel& model, const Sales& sales) {
    auto units = logarithms(model, sales);
    for (std::size_t i = 0; i < sales.size(); ++i)
        units[i] = std::exp(units[i]) * smearing_of(model, sales[i].product);
    return units;
}

double root_mean_square(double sum, std::size_t count) {
    return count > 0 ? std::sqrt(sum / static_cast<double>(count)) : 0;
}

double error_of_logarithm(const DemandModel& model, const Sales& sales) {
    const auto said = logarithms(model, sales);
    double sum = 0;
    for (std::size_t i = 0; i < sales.size(); ++i)
        sum += (said[i] - log_units(sales[i])) * (said[i] - log_units(sales[i]));
    return root_mean_square(sum, sales.size());
}

DemandScores scores_of(const DemandModel& model, const Sales& sales) {
    const auto said = expected_units(model, sales);
    double sum = 0;
    for (std::size_t i = 0; i < sales.size(); ++i)
        sum += (said[i] - sales[i].units) * (said[i] - sales[i].units);
    return {root_mean_square(sum, sales.size()), error_of_logarithm(model, sales)};
}

/// How to fit, and how well it foretold what was held back.
struct Choice {
    Penalties penalties{};
    double half_life{};
    double error{};
};

Penalties first_penalties() {
    Penalties penalties;
    penalties.fill(10);
    penalties[static_cast<std::size_t>(TermGroup::common)] = common_penalty;
    penalties[static_cast<std::size_t>(TermGroup::level)] = 1;
    return penalties;
}

/// Group after group the penalty that foretells best, for each half-life.
Choice choose(const Parts& parts, DemandModel model, TermScope scope, const Progress& progress) {
    Choice best;
    bool any = false;
    for (std::size_t i = 0; i < half_lives.size(); ++i) {
        const auto shrinkage = gathered(parts.seen, model, scope, half_lives[i]);
        Choice choice{.penalties = first_penalties(), .half_life = half_lives[i], .error = 0};
        const auto error_with = [&](const Penalties& penalties) {
            model.effects = shrinkage.solve(penalties);
            return error_of_logarithm(model, parts.held);
        };
        choice.error = error_with(choice.penalties);
        for (std::size_t group = 1; group < term_groups; ++group) {
            const auto from = choice.penalties;
            for (const double factor : penalty_factors) {
                auto penalties = from;
                penalties[group] *= factor;
                const double error = error_with(penalties);
                if (error >= choice.error) continue;
                choice.error = error;
                choice.penalties = penalties;
            }
        }
        if (!any || choice.error < best.error) best = choice;
        any = true;
        if (progress) progress(i + 1, half_lives.size() + 1);
    }
    return best;
}

std::vector<Elasticity> elasticities_of(const DemandModel& model, const Sales& sales) {
    const auto effect = [&](const std::string& name) {
        const auto found = model.effects.find(name);
        return found == model.effects.end() ? 0 : found->second;
    };
    std::map<std::string, std::set<std::string>> places;
    for (const auto& sale : sales) places[sale.product].insert(sale.place);
    std::vector<Elasticity> all;
    for (const auto& [product, its_places] : places) {
        Elasticity elasticity{.product = product, .mean = 0, .least = 0, .most = 0};
        bool any = false;
        for (const auto& place : its_places) {
            const double value = effect("price") + effect("price|" + product) +
                                 effect("price@" + place) +
                                 effect("price|" + product + "@" + place);
            elasticity.mean += value / static_cast<double>(its_places.size());
            elasticity.least = any ? std::min(elasticity.least, value) : value;
            elasticity.most = any ? std::max(elasticity.most, value) : value;
            any = true;
        }
        all.push_back(elasticity);
    }
    return all;
}

}  // namespace

std::expected<DemandFit, std::string> fit_demand(
    const Table& table, const DemandQuestion& question, const Progress& progress
) {
    const auto columns = demand_columns(table, question);
    if (!columns) return std::unexpected(columns.error());
    const auto sales = read_sales(table, *columns, true);
    if (!sales) return std::unexpected(sales.error());
    if (sales->size() < least_rows)
        return std::unexpected("has fewer rows than " + std::to_string(least_rows));
    const auto parts = hold_back(*sales, question.seed);
    if (parts.seen.empty() || parts.held.empty())
        return std::unexpected("has no rows to hold back");
    auto scope = TermScope::everything;
    auto model = described(parts.seen, *columns);
    if (gathered(parts.seen, model, scope, 0).effects() > most_effects) scope = TermScope::no_pairs;
    const auto many = gathered(parts.seen, model, scope, 0).effects();
    if (many > 4 * most_effects) {
        return std::unexpected(
            "has too many products, places and categories for this model: " + std::to_string(many) +
            " effects, at most " + std::to_string(4 * most_effects)
        );
    }
    DemandFit fit;
    fit.rows = sales->size();
    fit.held_back = parts.held.size();
    fit.held_back_by = parts.by_time ? "time" : "chance";
    const auto choice = choose(parts, model, scope, progress);
    model.effects = gathered(parts.seen, model, scope, choice.half_life).solve(choice.penalties);
    learn_smearing(model, parts.seen);
    fit.shrunk = scores_of(model, parts.held);
    auto pooled = described(parts.seen, *columns);
    Penalties none;
    none.fill(common_penalty);
    pooled.effects = gathered(parts.seen, pooled, TermScope::pooled, 0).solve(none);
    learn_smearing(pooled, parts.seen);
    fit.pooled = scores_of(pooled, parts.held);

    fit.model = described(*sales, *columns);
    fit.model.effects =
        gathered(*sales, fit.model, scope, choice.half_life).solve(choice.penalties);
    learn_smearing(fit.model, *sales);
    fit.elasticities = elasticities_of(fit.model, *sales);
    if (progress) progress(half_lives.size() + 1, half_lives.size() + 1);
    return fit;
}

std::expected<std::vector<double>, std::string> predict_demand(
    const DemandModel& model, const Table& table
) {
    const auto sales = read_sales(table, model.columns, false);
    if (!sales) return std::unexpected(sales.error());
    return expected_units(model, *sales);
}

nlohmann::json to_json(const DemandModel& model) {
    return {
        {"columns", model.columns},
        {"price_levels", model.price_levels},
        {"scalings", model.scalings},
        {"effects", model.effects},
        {"smearing", model.smearing},
    };
}

DemandModel demand_from_json(const nlohmann::json& json) {
    DemandModel model;
    json.at("columns").get_to(model.columns);
    json.at("price_levels").get_to(model.price_levels);
    json.at("scalings").get_to(model.scalings);
    json.at("effects").get_to(model.effects);
    json.at("smearing").get_to(model.smearing);
    bool is_whole = model.price_levels.contains("") && model.smearing.contains("");
    for (const auto& name : model.columns.numbers)
        is_whole = is_whole && model.scalings.contains(name);
    if (!is_whole) throw std::invalid_argument("a value is missing");
    return model;
}

}  // namespace vitrine::analytics
