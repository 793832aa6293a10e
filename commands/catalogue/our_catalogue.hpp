#pragma once

#include <map>

#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What the log knows of a tenant's products and offers, by their ids on the platform.
struct OurCatalogue {
    std::map<ClubifyId, ProductId> products;
    std::map<ClubifyId, OfferId> offers;
};

/// Reads the log on the caller's thread.
OurCatalogue our_catalogue(store::EventStore& store, const TenantId& tenant);

}  // namespace vitrine::commands
