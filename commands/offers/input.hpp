#pragma once

#include "commands/json_fwd.hpp"
#include "commands/offers/offer.hpp"

// Valid bodies of the offer commands as values.
namespace vitrine::commands {

/// The discount of the body; absent, too, when it is none.
std::optional<events::Discount> discount_member(const Json& body);

CreateOffer create_offer_from(const Json& body);
EditOffer edit_offer_from(const Json& body);
OfferProductInput offer_product_from(const Json& body);

}  // namespace vitrine::commands
