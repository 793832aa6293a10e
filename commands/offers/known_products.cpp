#include "commands/offers/known_products.hpp"

#include "events/codec.hpp"

namespace vitrine::commands {

KnownProducts known_products(
    store::EventStore& store, const TenantId& tenant, const std::vector<OfferProductInput>& inputs
) {
    KnownProducts known;
    for (const auto& input : inputs) {
        if (!input.product_id || known.contains(*input.product_id)) continue;
        const auto stream = events::stream_of(*input.product_id);
        const auto first = store.read_stream(tenant, stream, 1, 1, store::Direction::forwards);
        if (first.empty()) continue;
        if (const auto event = events::decode<events::ProductEvent>(first.front())) {
            if (const auto* created = std::get_if<events::ProductCreated>(&*event)) {
                known.emplace(*input.product_id, created->clubify_product_id);
            } else if (const auto* adopted = std::get_if<events::ProductAdopted>(&*event)) {
                known.emplace(*input.product_id, adopted->clubify_product_id);
            }
        }
    }
    return known;
}

}  // namespace vitrine::commands
