#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "gateways/webhooks_out/url.hpp"
#include "rules/bumps/source.hpp"
#include "rules/prices/source.hpp"
#include "store/event_store.hpp"

namespace vitrine::commands {

/// What commands must know beyond their own stream: of others, to look there, and what this server
/// allows. Called on the loop of the commands.
class Facts {
public:
    virtual ~Facts() = default;

    /// The product here that has this id on the platform.
    virtual std::optional<ProductId> product_of(const TenantId& tenant, const ClubifyId& id)
        const = 0;

    /// Offers that have the product, and perhaps others, which had it once.
    virtual std::vector<OfferId> offers_with(const TenantId& tenant, const ClubifyId& product)
        const = 0;

    /// Customers who were once noted with that e-mail address (or "phone", "document"), in its one
    /// spelling. Whether they have it now is for the caller to see.
    virtual std::vector<std::string> people_with(
        const TenantId&, std::string_view /*kind*/, std::string_view /*text*/
    ) const {
        return {};
    }

    /// Customers who were merged into that one and are not erased.
    virtual std::vector<std::string> merged_into(
        const TenantId&, std::string_view /*customer*/
    ) const {
        return {};
    }

    /// By what prices are decided; nullptr: by nothing yet.
    virtual const rules::prices::Source* prices() const { return nullptr; }

    /// Where the tenant's payments are begun now: a provider of the port of payments.
    virtual std::string payments_provider(const TenantId&) const { return "clubify"; }

    /// By what order bumps are decided; nullptr: by nothing yet.
    virtual const rules::bumps::Source* bumps() const { return nullptr; }

    /// Whom webhooks may be sent to.
    virtual webhooks_out::Receivers receivers() const {
        return webhooks_out::Receivers::of_the_internet;
    }
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
