#pragma once

#include <string>

#include "commands/engine/definition.hpp"
#include "commands/offers/offer.hpp"
#include "gateways/clubify/effects.hpp"
#include "gateways/clubify/mark.hpp"
#include "gateways/clubify/wire.hpp"

// Offers in the gateway's words.
namespace vitrine::commands {

clubify::OfferProduct to_wire(const events::OfferProduct& product);

/// The platform's own word for our type; a funnel goes as single.
std::string wire_type(const std::string& type);

/// The type as our mark notes it: only where the platform has no word for it.
std::string marked_type(const std::string& type);

/// The sections of a configuration, flat as they are there.
clubify::OfferFields configured(const events::Configuration& configuration);

/// What is written into the offer's metadata there, so that it is known again as ours.
clubify::Imprint imprint_of(
    const OfferId& id, const std::string& type, const CommandId& created_by, const Preparation& from
);

}  // namespace vitrine::commands
