#include "commands/offers/known_products.hpp"

#include <algorithm>

#include "commands/facts.hpp"
#include "commands/products/product.hpp"

namespace vitrine::commands {
namespace {

/// The id here of the product that is named.
std::optional<ProductId> id_of(const Preparation& from, const OfferProductInput& input) {
    if (input.product_id) return input.product_id;
    if (!input.clubify_product_id) return std::nullopt;
    return from.facts.product_of(from.tenant, *input.clubify_product_id);
}

}  // namespace

KnownProducts products_of(const Preparation& from, const OfferState& offer) {
    std::vector<OfferProductInput> inputs;
    for (const auto& line : offer.products) {
        auto& input = inputs.emplace_back();
        input.product_id = line.product_id;
        input.clubify_product_id = line.clubify_product_id;
    }
    return known_products(from, inputs);
}

KnownProducts known_products(
    const Preparation& from, const std::vector<OfferProductInput>& inputs
) {
    KnownProducts known;
    for (const auto& input : inputs) {
        const auto id = id_of(from, input);
        if (!id || std::ranges::find(known, *id, &KnownProduct::id) != known.end()) continue;
        auto product = load_product(from.store, from.tenant, *id);
        if (product.version == 0) continue;
        known.push_back(
            {*id,
             std::move(product.clubify_id),
             std::move(product.name),
             std::move(product.currency),
             product.price_cents,
             product.archived}
        );
    }
    return known;
}

std::vector<StreamName> streams_of(const KnownProducts& products) {
    std::vector<StreamName> streams;
    streams.reserve(products.size());
    for (const auto& product : products) streams.push_back(events::stream_of(product.id));
    return streams;
}

}  // namespace vitrine::commands
