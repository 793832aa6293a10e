#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "analytics/demand/sales.hpp"

namespace vitrine::analytics {

/// What an effect is of: effects of a group are drawn to zero alike.
enum class TermGroup {
    common,      // of everything: hardly drawn
    level,       // of a product or a place
    level_both,  // of a product in a place
    elasticity,  // of a product or a place, beside the common one
    elasticity_both,
    cross_price,  // of one product's price on another
    context,      // of the context on a product or in a place
};
inline constexpr std::size_t term_groups = 7;

struct Term {
    std::string effect;
    double value;
    TermGroup group;
};

/// Prices of the products in a place at a time.
class Markets {
public:
    explicit Markets(std::span<const Sale> sales);
    /// Of the other products there and then; of several rows of one the first.
    std::map<std::string, double> others(const Sale& sale) const;

private:
    std::map<std::pair<std::string, std::string>, std::map<std::string, double>> prices_;
};

/// With the terms of products in places, or without (`pooled`: only what an ordinary regression
/// has: products, their elasticities, the context).
enum class TermScope { everything, no_pairs, pooled };

std::vector<Term> terms_of(
    const Sale& sale, const DemandModel& model, const Markets& markets, TermScope scope
);

}  // namespace vitrine::analytics
