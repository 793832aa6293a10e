#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ids.hpp"
#include "core/period.hpp"
#include "projections/offers/reader.hpp"
#include "projections/sales/reader.hpp"
#include "queries/sales/currency_order.hpp"

namespace vitrine::queries {

/// What the tenant's offers earned, each in its own currency.
class Revenues {
public:
    /// `days`: nullopt for all days.
    Revenues(
        projections::SalesReader& sales, const TenantId& tenant, const std::optional<Days>& days
    );

    struct Revenue {
        std::int64_t cents = 0;
        std::int64_t orders = 0;
    };
    Revenue of(const projections::OfferListItem& offer) const;

    /// A page of those that `filter` lets through, by revenue and then by id; its sort does not
    /// count. Amounts of different currencies are not compared: one currency comes after the other,
    /// that with the most orders first. Those that earned nothing come by age where the others have
    /// nothing to tell.
    projections::ListItems<projections::OfferListItem> list(
        projections::OffersReader& offers,
        const TenantId& tenant,
        const projections::OfferFilter& filter
    ) const;

private:
    static projections::ListKey place_of(const projections::OfferSales& sales);
    bool is_before(const projections::ListKey& a, const projections::ListKey& b, bool descending)
        const;

    using Page = projections::ListItems<projections::OfferListItem>;
    void add_sold(
        projections::OffersReader& offers,
        const TenantId& tenant,
        const projections::OfferFilter& filter,
        Page& page
    ) const;
    void add_unsold(
        projections::OffersReader& offers,
        const TenantId& tenant,
        const projections::OfferFilter& filter,
        Page& page
    ) const;

    CurrencyOrder currencies_;
    std::vector<projections::OfferSales> sold_;  // those with revenue, in the order of the list
    std::unordered_map<std::string, Revenue> by_offer_;  // and currency
};

}  // namespace vitrine::queries
