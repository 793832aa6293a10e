#pragma once

#include <string>

#include "commands/offers/offer.hpp"
#include "gateways/clubify/wire.hpp"

// Offers in the gateway's words.
namespace vitrine::commands {

clubify::OfferProduct to_wire(const events::OfferProduct& product);

/// The platform's own word for our type; a funnel goes as single.
std::string wire_type(const std::string& type);

/// The type as our mark notes it: only where the platform has no word for it.
std::string marked_type(const std::string& type);

}  // namespace vitrine::commands
