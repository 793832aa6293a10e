#include "commands/products/loaded.hpp"

namespace vitrine::commands {

ProductAndUses product_of(const Preparation& from, bool with_uses) {
    ProductAndUses known;
    known.product = load_product(from.store, from.tenant, ProductId(from.entity_id));
    if (with_uses) known.uses = uses_of(from, known.product.clubify_id);
    return known;
}

clubify::Imprint imprint_of(
    const ProductId& id, const CommandId& created_by, const Preparation& from
) {
    return {created_by, "product", id.str(), "", "", from.tenant_context};
}

}  // namespace vitrine::commands
