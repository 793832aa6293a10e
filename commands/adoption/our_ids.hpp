#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "events/customers.hpp"
#include "events/orders.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What the log knows of a tenant's products, offers and customers, by their ids on the platform.
struct OurIds {
    std::map<ClubifyId, ProductId> products;
    std::map<ClubifyId, OfferId> offers;
    std::map<ClubifyId, events::CustomerId> customers;
};

/// By which orders that were adopted are told (events::OrderRecorded::told_by).
inline constexpr std::string_view adoption_teller = "adopt";

/// An order of which the platform told, or which a checkout of ours has made there.
struct OurOrder {
    /// As it was adopted; absent where its webhooks have told more since, or alone.
    std::optional<events::OrderRecorded> adopted;
};

/// By the platform's id. Reads the log on the caller's thread.
std::map<std::string, OurOrder> our_orders(store::EventStore& store, const TenantId& tenant);

/// Reads the log on the caller's thread.
OurIds our_ids(store::EventStore& store, const TenantId& tenant);

}  // namespace vitrine::commands
