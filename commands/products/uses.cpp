#include "commands/products/uses.hpp"

#include <algorithm>

#include "commands/facts.hpp"

namespace vitrine::commands {

ProductUses uses_of(const Preparation& from, const ClubifyId& product) {
    ProductUses uses;
    for (const auto& id : from.facts.offers_with(from.tenant, product)) {
        auto offer = load_offer(from.store, from.tenant, id);
        if (offer.version == 0 || offer.status == OfferStatus::archived) continue;
        const auto line =
            std::ranges::find(offer.products, product, &events::OfferProduct::clubify_product_id);
        if (line == offer.products.end()) continue;
        uses.push_back({id, std::move(offer.name), offer.status, *line});
    }
    return uses;
}

Phrase spell_offers(const ProductUses& uses) {
    constexpr std::size_t most = 3;
    std::string names;
    for (std::size_t i = 0; i < std::min(most, uses.size()); ++i)
        names += (i == 0 ? "\"" : ", \"") + uses[i].name + '"';
    if (uses.size() <= most) return Phrase::as_is(std::move(names));
    return phrase("{} and {} others", "{} e {} outras", names, uses.size() - most);
}

}  // namespace vitrine::commands
