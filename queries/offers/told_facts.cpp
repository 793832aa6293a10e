#include "queries/offers/told_facts.hpp"

#include <algorithm>

#include "events/envelope.hpp"
#include "projections/offers/reader.hpp"
#include "queries/at_least.hpp"

namespace vitrine::queries {
namespace {

/// The stream of the product that told something there; nullopt: none did.
std::optional<StreamName> teller_at(
    const ReadSide& reads, const TenantId& tenant, Position position
) {
    const auto found = reads.store.read_all(position, {}, 1, store::Direction::forwards);
    if (found.empty()) return std::nullopt;
    const auto& event = found.front();
    const auto types = projections::product_fact_event_types();
    const bool tells = std::ranges::find(types, event.type) != types.end();
    if (event.position != position || event.tenant != tenant || !tells) return std::nullopt;
    return event.stream;
}

}  // namespace

bool was_told_of(const ReadSide& reads, const TenantId& tenant, const OfferId& id, Position facts) {
    auto lease = reads.projections.read_model(offers_model).lease();
    if (!lease) return true;
    projections::OffersReader offers(*std::move(lease));
    const auto offer = offers.find(tenant, id);
    if (!offer || facts <= offer->position) return false;
    const auto teller = teller_at(reads, tenant, facts);
    if (!teller) return false;
    const auto product = offers.product(tenant, events::id_of(*teller), "");
    return product &&
           projections::OfferPricing().holds(offer->body, {true, product->clubify_product_id});
}

}  // namespace vitrine::queries
