#pragma once

#include <map>

#include "core/ids.hpp"
#include "events/customers.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What the log knows of a tenant's products, offers and customers, by their ids on the platform.
struct OurIds {
    std::map<ClubifyId, ProductId> products;
    std::map<ClubifyId, OfferId> offers;
    std::map<ClubifyId, events::CustomerId> customers;
};

/// Reads the log on the caller's thread.
OurIds our_ids(store::EventStore& store, const TenantId& tenant);

}  // namespace vitrine::commands
