#pragma once

#include "commands/engine/definition.hpp"
#include "commands/offers/known_products.hpp"
#include "commands/offers/offer.hpp"

// What commands on an offer load before they decide.
namespace vitrine::commands {

OfferState offer_of(const Preparation& from);

/// The offer, and the products of the tenant that the command or the offer names.
struct OfferAndProducts {
    OfferState offer;
    KnownProducts products;
};

}  // namespace vitrine::commands
