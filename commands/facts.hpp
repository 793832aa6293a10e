#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What commands must know of other streams than their own, to look there. Called on the loop of
/// the commands.
class Facts {
public:
    virtual ~Facts() = default;

    /// The product here that has this id on the platform.
    virtual std::optional<ProductId> product_of(const TenantId& tenant, const ClubifyId& id)
        const = 0;

    /// Offers that have the product, and perhaps others, which had it once.
    virtual std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product)
        const = 0;
};

/// Looks through the tenant's events above `after`, so that it takes as long as they are many.
std::unique_ptr<const Facts> facts_of_log(store::EventStore& store);
std::optional<ProductId> product_in_log(
    store::EventStore& store, const TenantId& tenant, const ClubifyId& id, Position after
);
std::vector<OfferId> offers_in_log(
    store::EventStore& store, const TenantId& tenant, const ClubifyId& product, Position after
);

}  // namespace vitrine::commands
