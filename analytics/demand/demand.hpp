#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analytics/parallel.hpp"
#include "analytics/table.hpp"

namespace vitrine::analytics {

/// The columns of a table of sales. Empty: there is none such.
struct DemandColumns {
    std::string units, price;
    std::string product, place, time;
    std::vector<std::string> numbers;     // of the context: promotions and the like
    std::vector<std::string> categories;  // of the context
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(
    DemandColumns, units, price, product, place, time, numbers, categories
)

/// Of a number of the context, so that effects of all are alike in size.
struct Scaling {
    double mean{}, deviation{};
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Scaling, mean, deviation)

/// Units sold by price: the logarithm of units is linear in that of the price, with elasticities of
/// each product and place drawn to those of all, prices of other products in the same place at the
/// same time, and the context.
struct DemandModel {
    DemandColumns columns;
    std::map<std::string, double> price_levels;  // mean logarithm, by product; "" of all
    std::map<std::string, Scaling> scalings;     // by column
    std::map<std::string, double> effects;       // by what they are of
    std::map<std::string, double> smearing;  // mean units over what the logarithm says, by product
};

struct DemandScores {
    double rmse{}, rmse_of_logarithm{};
};

struct Elasticity {
    std::string product;
    double mean{}, least{}, most{};  // over places
};

struct DemandFit {
    DemandModel model;
    std::size_t rows{}, held_back{};
    std::string held_back_by;  // "time" or "chance"
    DemandScores shrunk, pooled;
    std::vector<Elasticity> elasticities;
};

struct DemandQuestion {
    std::string units, price;
    std::string product, place, time;  // empty: guessed by name
    std::uint64_t seed = 1;
};

std::expected<DemandFit, std::string> fit_demand(
    const Table& table, const DemandQuestion& question, const Progress& progress = {}
);

/// Expected units of each row. A fault names its line.
std::expected<std::vector<double>, std::string> predict_demand(
    const DemandModel& model, const Table& table
);

nlohmann::json to_json(const DemandModel& model);
DemandModel demand_from_json(const nlohmann::json& json);

}  // namespace vitrine::analytics
