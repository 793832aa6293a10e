#include <algorithm>

#include "projections/activity/projector.hpp"
#include "projections/offer_analytics/projector.hpp"
#include "projections/offer_versions/projector.hpp"
#include "projections/offers/projector.hpp"
#include "projections/price_history/projector.hpp"
#include "projections/products/projector.hpp"
#include "projections/projector.hpp"
#include "projections/sales/projector.hpp"
#include "projections/webhooks/projector.hpp"

namespace vitrine::projections {

std::span<const Projection> catalogue() {
    static const std::vector<Projection> projections = {
        offers_projection(),
        offer_versions_projection(),
        offer_analytics_projection(),
        price_history_projection(),
        products_projection(),
        sales_projection(),
        activity_projection(),
        webhooks_projection()
    };
    return projections;
}

const Projection* find_projection(std::string_view name) {
    const auto all = catalogue();
    const auto found = std::ranges::find(all, name, &Projection::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace vitrine::projections
