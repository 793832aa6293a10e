#include "api/service/facts.hpp"

#include <algorithm>

#include "projections/offers/reader.hpp"
#include "projections/products/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::api {
namespace {

class FactsOfReadModels : public commands::Facts {
public:
    FactsOfReadModels(store::EventStore& store, const projections::Projections& projections)
        : store_(store), projections_(projections) {}

    std::optional<ProductId> product_of(const TenantId& tenant, const ClubifyId& id)
        const override {
        Position known = 0;
        if (auto lease = projections_.read_model(queries::products_model).lease()) {
            known = lease->position();
            projections::ProductsReader products(std::move(*lease));
            if (auto product = products.find_there(tenant, id)) return product;
        }
        return commands::product_in_log(store_, tenant, id, known);
    }

    std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product)
        const override {
        Position known = 0;
        std::vector<OfferId> offers;
        if (auto lease = projections_.read_model(queries::offers_model).lease()) {
            known = lease->position();
            projections::OffersReader reader(std::move(*lease));
            offers = reader.with_product(tenant, product);
        }
        for (auto& offer : commands::offers_in_log(store_, tenant, product, known)) {
            if (std::ranges::find(offers, offer) == offers.end())
                offers.push_back(std::move(offer));
        }
        return offers;
    }

private:
    store::EventStore& store_;
    const projections::Projections& projections_;
};

}  // namespace

std::unique_ptr<const commands::Facts> facts_of_read_models(
    store::EventStore& store, const projections::Projections& projections
) {
    return std::make_unique<FactsOfReadModels>(store, projections);
}

}  // namespace vitrine::api
