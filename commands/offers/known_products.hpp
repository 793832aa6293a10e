#pragma once

#include <vector>

#include "commands/engine/definition.hpp"
#include "commands/offers/offer.hpp"

namespace vitrine::commands {

/// Those products of the tenant that the inputs name.
KnownProducts known_products(const Preparation& from, const std::vector<OfferProductInput>& inputs);

/// Those products of the tenant that the offer has.
KnownProducts products_of(const Preparation& from, const OfferState& offer);

std::vector<StreamName> streams_of(const KnownProducts& products);

}  // namespace vitrine::commands
