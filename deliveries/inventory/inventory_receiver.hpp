#pragma once

#include <memory>

#include "deliveries/receiver.hpp"
#include "gateways/clubify/clubify.hpp"
#include "projections/projections.hpp"

namespace vitrine::deliveries {

inline constexpr const char* inventory_kind = "inventory";
inline constexpr const char* clubify_inventory = "clubify";

/// What the platform is told its stock with. References outlive the receivers.
struct InventoryParts {
    clubify::Clubify& clubify;
    clubify::Accounts accounts;
    const projections::Projections& projections;
    Clock clock;
};

/// Keeps the platform's stock of a tenant's products at what is available here.
///
/// Operation: what happens to the stock of a SKU leads to one look at the product there and, where
/// the two differ, a change by the difference: one at a time of each SKU. Whatever was not answered
/// is looked at again before anything is sent. A SKU that is not tracked, or of no product, is left
/// as it is. Events up to `start` are not sent.
std::unique_ptr<Receiver> inventory_receiver(
    const TenantId& tenant, Position start, InventoryParts parts
);

}  // namespace vitrine::deliveries
