#include "analytics/binary/binary.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "analytics/binary/outcomes.hpp"
#include "analytics/binary/scores.hpp"

namespace vitrine::analytics {
namespace {

constexpr int fold_count = 5;
constexpr int boostings_kept = 3;
constexpr int round_step = 10;
constexpr int most_rounds = 250;
constexpr std::array depths{3, 5};
constexpr std::array penalties{1.0, 10.0, 100.0};

using Scores = std::vector<double>;

std::span<const double> row_of(const Features& features, std::size_t row) {
    return {
        features.data() + static_cast<Eigen::Index>(row) * features.cols(),
        static_cast<std::size_t>(features.cols())
    };
}

/// Folds with about the same share of both outcomes, by chance.
std::vector<int> folds_of(std::span<const int> outcomes, std::uint64_t seed) {
    std::vector<int> folds(outcomes.size());
    std::mt19937_64 random(seed);
    for (const int outcome : {0, 1}) {
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            if (outcomes[i] == outcome) rows.push_back(i);
        for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random() % i]);
        for (std::size_t i = 0; i < rows.size(); ++i)
            folds[rows[i]] = static_cast<int>(i % fold_count);
    }
    return folds;
}

struct Part {
    Features features;
    std::vector<int> outcomes;
    std::vector<std::size_t> rows;
};

Part part_of(
    const Features& features,
    std::span<const int> outcomes,
    std::span<const int> folds,
    int fold,
    bool inside
) {
    Part part;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if ((folds[i] == fold) == inside) part.rows.push_back(i);
    part.features.resize(static_cast<Eigen::Index>(part.rows.size()), features.cols());
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
        part.features.row(static_cast<Eigen::Index>(i)) =
            features.row(static_cast<Eigen::Index>(part.rows[i]));
        part.outcomes.push_back(outcomes[part.rows[i]]);
    }
    return part;
}

Scores probabilities_of(const Scores& margins) {
    Scores probabilities;
    for (const double margin : margins) probabilities.push_back(sigmoid(margin));
    return probabilities;
}

BinaryScores scores_of(const Scores& probabilities, std::span<const int> outcomes) {
    return {
        area_under_curve(probabilities, outcomes),
        log_loss(probabilities, outcomes),
        calibration_error(probabilities, outcomes),
    };
}

/// Margins of every row, by models that have not seen it.
struct Validation {
    std::vector<std::vector<Scores>> boosting;  // by depth, by rounds / round_step - 1
    std::vector<Scores> logistic;               // by penalty
};

Validation validate(
    const Features& features,
    std::span<const int> outcomes,
    std::span<const int> folds,
    std::uint64_t seed,
    const Progress& progress
) {
    constexpr std::size_t steps = most_rounds / round_step;
    Validation all;
    all.boosting.assign(depths.size(), std::vector<Scores>(steps, Scores(outcomes.size())));
    all.logistic.assign(penalties.size(), Scores(outcomes.size()));
    const auto boost = [&](std::size_t depth, int fold) {
        const auto seen = part_of(features, outcomes, folds, fold, false);
        const auto held = part_of(features, outcomes, folds, fold, true);
        const auto model = fit_boosting(
            seen.features,
            seen.outcomes,
            {.depth = depths[depth], .rounds = most_rounds, .seed = seed}
        );
        for (std::size_t i = 0; i < held.rows.size(); ++i) {
            double margin = 0;
            for (std::size_t step = 0; step < steps; ++step) {
                margin += model.margin(row_of(held.features, i), step * round_step, round_step);
                all.boosting[depth][step][held.rows[i]] = margin;
            }
        }
    };
    const auto regress = [&](int fold) {
        const auto seen = part_of(features, outcomes, folds, fold, false);
        const auto held = part_of(features, outcomes, folds, fold, true);
        for (std::size_t p = 0; p < penalties.size(); ++p) {
            const auto model = fit_logistic(seen.features, seen.outcomes, penalties[p]);
            for (std::size_t i = 0; i < held.rows.size(); ++i)
                all.logistic[p][held.rows[i]] = model.margin(row_of(held.features, i));
        }
    };
    const auto works = depths.size() + 1;
    in_parallel(
        works * fold_count,
        [&](std::size_t i) {
            const auto fold = static_cast<int>(i % fold_count);
            const auto work = i / fold_count;
            if (work < depths.size()) {
                boost(depths.size() - 1 - work, fold);  // the longest first
            } else {
                regress(fold);
            }
        },
        progress
    );
    return all;
}

std::size_t least_loss(const std::vector<Scores>& margins, std::span<const int> outcomes) {
    std::size_t best = 0;
    double least = 0;
    for (std::size_t i = 0; i < margins.size(); ++i) {
        const double loss = log_loss(probabilities_of(margins[i]), outcomes);
        if (i > 0 && loss >= least) continue;
        least = loss;
        best = i;
    }
    return best;
}

Scores mix(const Scores& boosting, const Scores& logistic, double share) {
    Scores mixed;
    for (std::size_t i = 0; i < boosting.size(); ++i)
        mixed.push_back(share * boosting[i] + (1 - share) * logistic[i]);
    return mixed;
}

double share_of_least_loss(
    const Scores& boosting, const Scores& logistic, std::span<const int> outcomes
) {
    double best = 1, least = 0;
    for (int tenths = 10; tenths >= 0; --tenths) {
        const double share = tenths / 10.0;
        const double loss = log_loss(probabilities_of(mix(boosting, logistic, share)), outcomes);
        if (tenths < 10 && loss >= least) continue;
        least = loss;
        best = share;
    }
    return best;
}

std::vector<Importance> importances_of(const BinaryModel& model) {
    const auto columns = columns_of_features(model.columns);
    std::vector<Importance> all;
    for (const auto& column : model.columns) all.push_back({column.name, 0});
    double sum = 0;
    for (const auto& boosting : model.boostings) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            all[columns[i]].share += boosting.gains[i];
            sum += boosting.gains[i];
        }
    }
    for (auto& each : all) each.share = sum > 0 ? each.share / sum : 0;
    std::ranges::sort(all, [](const Importance& one, const Importance& other) {
        return one.share != other.share ? one.share > other.share : one.column < other.column;
    });
    return all;
}

std::vector<std::string> ignored_columns(const Table& table, const BinaryModel& model) {
    std::set<std::string> used{model.target, model.id};
    for (const auto& column : model.columns) used.insert(column.name);
    std::vector<std::string> ignored;
    for (const auto& name : table.names)
        if (!used.contains(name)) ignored.push_back(name);
    return ignored;
}

}  // namespace

double BinaryModel::probability(std::span<const double> features) const {
    double margin = 0;
    if (boosting_share > 0) {
        for (const auto& boosting : boostings)
            margin +=
                boosting_share * boosting.margin(features) / static_cast<double>(boostings.size());
    }
    if (boosting_share < 1) margin += (1 - boosting_share) * logistic.margin(features);
    return calibration.probability(margin);
}

std::expected<BinaryFit, std::string> fit_binary(
    const Table& table, const BinaryQuestion& question, const Progress& progress
) {
    if (!question.id.empty()) {
        if (const auto column = table.column(question.id); !column)
            return std::unexpected(column.error());
    }
    const auto outcomes = read_outcomes(table, question.target);
    if (!outcomes) return std::unexpected(outcomes.error());
    const auto& came = outcomes->came;
    BinaryFit fit;
    auto& model = fit.model;
    model.target = question.target;
    model.id = question.id;
    model.positive = outcomes->positive;
    model.columns = feature_columns(table, {question.target, question.id});
    if (model.columns.empty()) return std::unexpected("line 1: no column tells anything");
    fit.rows = came.size();
    fit.positives = static_cast<std::size_t>(std::ranges::count(came, 1));
    if (std::min(fit.positives, fit.rows - fit.positives) < 2 * fold_count)
        return std::unexpected("has fewer than 10 rows of an outcome of " + question.target);
    const auto features = features_of(table, model.columns);
    if (!features) return std::unexpected(features.error());
    const auto folds = folds_of(came, question.seed);
    const auto validation = validate(*features, came, folds, question.seed, progress);

    std::size_t depth = 0, step = 0;
    double least = 0;
    for (std::size_t d = 0; d < depths.size(); ++d) {
        const auto its_step = least_loss(validation.boosting[d], came);
        const double loss = log_loss(probabilities_of(validation.boosting[d][its_step]), came);
        if (d > 0 && loss >= least) continue;
        least = loss;
        depth = d;
        step = its_step;
    }
    const auto penalty = least_loss(validation.logistic, came);
    const auto& boosted = validation.boosting[depth][step];
    const auto& regressed = validation.logistic[penalty];
    model.boosting_share = share_of_least_loss(boosted, regressed, came);
    const auto mixed = mix(boosted, regressed, model.boosting_share);
    auto calibration = choose_calibration(mixed, came, folds);
    model.calibration = std::move(calibration.calibration);
    fit.folds = fold_count;
    fit.depth = depths[depth];
    fit.rounds = static_cast<int>(step + 1) * round_step;
    fit.penalty = penalties[penalty];
    fit.logistic = scores_of(probabilities_of(regressed), came);
    fit.boosting = scores_of(probabilities_of(boosted), came);
    fit.mixed = scores_of(probabilities_of(mixed), came);
    fit.calibrated = scores_of(calibration.probabilities, came);

    model.boostings.resize(boostings_kept);
    in_parallel(model.boostings.size(), [&](std::size_t i) {
        model.boostings[i] = fit_boosting(
            *features, came, {.depth = fit.depth, .rounds = fit.rounds, .seed = question.seed + i}
        );
    });
    model.logistic = fit_logistic(*features, came, fit.penalty);
    fit.importances = importances_of(model);
    fit.ignored = ignored_columns(table, model);
    return fit;
}

nlohmann::json to_json(const BinaryModel& model) {
    nlohmann::json boostings = nlohmann::json::array();
    for (const auto& boosting : model.boostings) boostings.push_back(boosting.trees);
    return {
        {"target", model.target},
        {"positive", model.positive},
        {"id", model.id},
        {"columns", model.columns},
        {"boostings", boostings},
        {"logistic", model.logistic},
        {"boosting_share", model.boosting_share},
        {"calibration", model.calibration},
    };
}

BinaryModel binary_from_json(const nlohmann::json& json) {
    const auto require = [](bool holds) {
        if (!holds) throw std::invalid_argument("a value is out of its range");
    };
    BinaryModel model;
    json.at("target").get_to(model.target);
    json.at("positive").get_to(model.positive);
    json.at("id").get_to(model.id);
    json.at("columns").get_to(model.columns);
    json.at("logistic").get_to(model.logistic);
    json.at("boosting_share").get_to(model.boosting_share);
    json.at("calibration").get_to(model.calibration);
    const auto features = columns_of_features(model.columns).size();
    for (const auto& trees : json.at("boostings")) {
        Boosting boosting{.trees = trees.get<std::vector<Tree>>(), .gains = {}};
        for (const auto& tree : boosting.trees) require(is_sound(tree, features));
        model.boostings.push_back(std::move(boosting));
    }
    require(!model.boostings.empty() && model.logistic.scaling.size() == features);
    std::size_t weights = 1;
    for (const auto& scaling : model.logistic.scaling)
        weights += std::size_t{scaling.deviation > 0} + std::size_t{scaling.log_deviation > 0} +
                   std::size_t{scaling.tells_missing};
    require(model.logistic.weights.size() == weights);
    require(model.calibration.margins.size() == model.calibration.probabilities.size());
    require(std::ranges::is_sorted(model.calibration.margins));
    return model;
}

}  // namespace vitrine::analytics
