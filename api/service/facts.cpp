#include "api/service/facts.hpp"

#include <algorithm>

#include "projections/listed.hpp"
#include "projections/price_history/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/customers/customers.hpp"

namespace vitrine::api {
namespace {

class FactsOfReadModels : public commands::Facts {
public:
    FactsOfReadModels(
        store::EventStore& store,
        store::PeopleKeys& people,
        const projections::Projections& projections,
        const rules::prices::Source& prices,
        const rules::bumps::Source& bumps,
        webhooks_out::Receivers receivers,
        std::function<std::string(const TenantId&)> payments_provider
    )
        : store_(store),
          people_(people),
          projections_(projections),
          prices_(prices),
          bumps_(bumps),
          receivers_(receivers),
          payments_provider_(std::move(payments_provider)) {}

    const rules::prices::Source* prices() const override { return &prices_; }
    const rules::bumps::Source* bumps() const override { return &bumps_; }

    webhooks_out::Receivers receivers() const override { return receivers_; }

    std::string payments_provider(const TenantId& tenant) const override {
        return payments_provider_(tenant);
    }

    std::optional<ProductId> product_of(const TenantId& tenant, const ClubifyId& id)
        const override {
        Position known = 0;
        if (auto lease = projections_.read_model(queries::products_model).lease()) {
            known = lease->position();
            projections::ListedReader products(std::move(*lease), queries::products_model);
            if (auto product = products.find_by(tenant, "clubify_product_id", id.view()))
                return ProductId(*std::move(product));
        }
        return commands::product_in_log(store_, tenant, id, known);
    }

    std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product)
        const override {
        Position known = 0;
        std::vector<OfferId> offers;
        if (auto lease = projections_.read_model(queries::price_history_model).lease()) {
            projections::PriceHistoryReader prices(std::move(*lease));
            known = prices.position();
            // From an event that is parked on it has nothing of the tenant.
            if (const auto parked = prices.parked_from(tenant))
                known = std::min(known, *parked - 1);
            offers = prices.offers_with(tenant, product);
        }
        for (auto& offer : commands::offers_in_log(store_, tenant, product, known)) {
            if (std::ranges::find(offers, offer) == offers.end())
                offers.push_back(std::move(offer));
        }
        return offers;
    }

    std::vector<std::string> people_with(
        const TenantId& tenant, std::string_view kind, std::string_view text
    ) const override {
        return people_.people_with(tenant, kind, text);
    }

    /// As far as the read model is: who was merged a moment ago may be lacking.
    std::vector<std::string> merged_into(const TenantId& tenant, std::string_view customer)
        const override {
        auto lease = projections_.read_model(queries::customers_model).lease();
        if (!lease) return {};
        projections::ListedReader customers(std::move(*lease), queries::customers_model);
        return customers.all_by(tenant, "merged_into", customer);
    }

private:
    store::EventStore& store_;
    store::PeopleKeys& people_;
    const projections::Projections& projections_;
    const rules::prices::Source& prices_;
    const rules::bumps::Source& bumps_;
    webhooks_out::Receivers receivers_;
    std::function<std::string(const TenantId&)> payments_provider_;
};

}  // namespace

std::unique_ptr<const commands::Facts> facts_of_read_models(
    store::EventStore& store,
    store::PeopleKeys& people,
    const projections::Projections& projections,
    const rules::prices::Source& prices,
    const rules::bumps::Source& bumps,
    webhooks_out::Receivers receivers,
    std::function<std::string(const TenantId&)> payments_provider
) {
    return std::make_unique<FactsOfReadModels>(
        store, people, projections, prices, bumps, receivers, std::move(payments_provider)
    );
}

}  // namespace vitrine::api
