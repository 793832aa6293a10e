#include "analytics/demand/terms.hpp"

#include <cmath>

namespace vitrine::analytics {
namespace {

constexpr std::size_t most_products_for_cross_prices = 12;

double price_level(const DemandModel& model, const std::string& product) {
    const auto found = model.price_levels.find(product);
    return found == model.price_levels.end() ? model.price_levels.at("") : found->second;
}

}  // namespace

Markets::Markets(std::span<const Sale> sales) {
    for (const auto& sale : sales)
        prices_[{sale.place, sale.time}].emplace(sale.product, sale.log_price);
}

std::map<std::string, double> Markets::others(const Sale& sale) const {
    const auto found = prices_.find({sale.place, sale.time});
    if (found == prices_.end()) return {};
    auto others = found->second;
    others.erase(sale.product);
    return others;
}

std::vector<Term> terms_of(
    const Sale& sale, const DemandModel& model, const Markets& markets, TermScope scope
) {
    const auto& columns = model.columns;
    const bool has_product = !columns.product.empty();
    const bool has_place = !columns.place.empty() && scope != TermScope::pooled;
    const auto product = "|" + sale.product;
    const auto place = "@" + sale.place;
    const double price = sale.log_price - price_level(model, sale.product);
    std::vector<Term> terms{
        {"level", 1, TermGroup::common},
        {"price", price, TermGroup::common},
    };
    if (has_product) {
        terms.push_back({"level" + product, 1, TermGroup::level});
        terms.push_back({"price" + product, price, TermGroup::elasticity});
    }
    if (has_place) {
        terms.push_back({"level" + place, 1, TermGroup::level});
        terms.push_back({"price" + place, price, TermGroup::elasticity});
    }
    if (has_product && has_place && scope == TermScope::everything) {
        terms.push_back({"level" + product + place, 1, TermGroup::level_both});
        terms.push_back({"price" + product + place, price, TermGroup::elasticity_both});
    }
    const bool has_cross_prices = has_product && scope != TermScope::pooled &&
                                  !columns.time.empty() &&
                                  model.price_levels.size() <= most_products_for_cross_prices;
    if (has_cross_prices) {
        for (const auto& [other, log_price] : markets.others(sale)) {
            const double off = log_price - price_level(model, other);
            terms.push_back({"price of " + other + product, off, TermGroup::cross_price});
        }
    }
    const auto add_context = [&](const std::string& effect, double value) {
        terms.push_back({effect, value, TermGroup::common});
        if (scope == TermScope::pooled) return;
        if (has_product) terms.push_back({effect + product, value, TermGroup::context});
        if (has_place) terms.push_back({effect + place, value, TermGroup::context});
    };
    for (std::size_t i = 0; i < columns.numbers.size(); ++i) {
        const auto& [mean, deviation] = model.scalings.at(columns.numbers[i]);
        const double value = sale.numbers[i];
        if (std::isnan(value) || deviation <= 0) continue;
        add_context(columns.numbers[i], (value - mean) / deviation);
    }
    for (std::size_t i = 0; i < columns.categories.size(); ++i)
        add_context(columns.categories[i] + "=" + sale.categories[i], 1);
    return terms;
}

}  // namespace vitrine::analytics
