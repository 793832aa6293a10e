#pragma once

#include <vector>

#include "commands/offers/offer.hpp"

namespace vitrine::commands {

/// The platform's ids of those products of the tenant that the inputs name by ours.
KnownProducts known_products(
    store::EventStore& store, const TenantId& tenant, const std::vector<OfferProductInput>& inputs
);

}  // namespace vitrine::commands
