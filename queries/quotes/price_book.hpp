#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ids.hpp"
#include "projections/pricing/reader.hpp"
#include "projections/projections.hpp"
#include "rules/prices/source.hpp"

namespace vitrine::queries {

/// The tags of a customer, which are its segments; nullopt: there is no such customer.
using CustomerTags = std::function<
    std::optional<std::vector<std::string>>(const TenantId& tenant, std::string_view customer_id)>;

/// The rules of prices, from the read model `pricing`. What was read of it stays in memory and is
/// taken again while its rows are as they were: as long as the read model has not moved that is
/// known without a look. Concurrency: any thread.
class PriceBook : public rules::prices::Source {
public:
    /// `projections` outlives it.
    PriceBook(const projections::Projections& projections, CustomerTags tags)
        : projections_(projections), tags_(std::move(tags)) {}

    std::optional<Decided> decide(const TenantId& tenant, const rules::prices::Question& question)
        const override;

    std::optional<UnitPrices> unit_prices(
        const TenantId& tenant,
        const rules::prices::Question& question,
        std::span<const ProductId> products
    ) const override;

private:
    using Reader = projections::PricingReader;

    /// An offer with the products that it sells.
    struct Offered;
    /// What goes for all offers of a tenant.
    struct General;
    template <class Value>
    struct Entry {
        std::shared_ptr<const Value> value;
        Position seen = 0;  // it was so there
    };
    struct Page {
        Entry<General> general;
        std::unordered_map<std::string, Entry<Offered>> offers;
        std::unordered_map<std::string, Entry<rules::prices::CouponTerms>> coupons;
        std::unordered_map<std::string, Entry<rules::prices::ProductTerms>> products;
    };

    template <class Value>
    using Place = Entry<Value>& (*)(Page& page, const std::string& id);

    template <class Value, class IsSo, class Read>
    std::shared_ptr<const Value> take(
        const TenantId& tenant,
        const std::string& id,
        Position position,
        Place<Value> place,
        IsSo is_so,
        Read read
    ) const;

    std::shared_ptr<const Offered> offered(
        Reader& reader, const TenantId& tenant, const OfferId& offer
    ) const;
    std::shared_ptr<const rules::prices::ProductTerms> product(
        Reader& reader, const TenantId& tenant, const ProductId& id
    ) const;
    std::shared_ptr<const General> general(Reader& reader, const TenantId& tenant) const;
    std::shared_ptr<const rules::prices::CouponTerms> coupon(
        Reader& reader, const TenantId& tenant, std::string_view code
    ) const;

    const projections::Projections& projections_;
    CustomerTags tags_;
    mutable std::mutex mutex_;  // of the pages; what they hold never changes
    mutable std::unordered_map<TenantId, Page> pages_;
};

}  // namespace vitrine::queries
