#include "commands/offers/wire.hpp"

namespace vitrine::commands {

clubify::OfferProduct to_wire(const events::OfferProduct& product) {
    clubify::OfferProduct wire;
    wire.product = product.clubify_product_id;
    wire.quantity = product.quantity;
    wire.position = product.position;
    wire.required = product.required;
    wire.price_cents = product.price_cents;
    if (product.discount)
        wire.discount = clubify::Discount{product.discount->type, product.discount->value};
    wire.rules = product.rules;
    return wire;
}

std::string wire_type(const std::string& type) {
    return type == "funnel" ? "single" : type;
}

std::string marked_type(const std::string& type) {
    return type == "funnel" ? type : std::string();
}

clubify::OfferFields configured(const events::Configuration& configuration) {
    clubify::OfferFields fields;
    fields.settings = configuration.settings;
    fields.theme = configuration.theme;
    fields.layout = configuration.layout;
    fields.seo = configuration.seo;
    fields.tracking = configuration.tracking;
    return fields;
}

clubify::Imprint imprint_of(
    const OfferId& id, const std::string& type, const CommandId& created_by, const Preparation& from
) {
    return {created_by, "offer", id.str(), marked_type(type), "", from.tenant_context};
}

}  // namespace vitrine::commands
