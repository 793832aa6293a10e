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

}  // namespace vitrine::commands
