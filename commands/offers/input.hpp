#pragma once

#include "commands/json_fwd.hpp"
#include "commands/offers/offer.hpp"

// Valid bodies of the offer commands as values.
namespace vitrine::commands {

CreateOffer create_offer_from(const Json& body);
EditOffer edit_offer_from(const Json& body);
OfferProductInput offer_product_from(const Json& body);

}  // namespace vitrine::commands
