#pragma once

#include <optional>

#include "core/ids.hpp"
#include "rules/prices/quote.hpp"

namespace vitrine::rules::prices {

/// Where the rules of a tenant come from. Commands, processes and queries are given one; who runs
/// the service wires it to read models. What must never be exceeded (uses of a coupon) is decided
/// on streams, not here. Concurrency: any thread.
class Source {
public:
    virtual ~Source() = default;

    struct Decided {
        Question question;  // with what is known of the customer
        Decision decision;
        Position position = 0;  // that it is decided at
    };

    /// One of a product that the offer need not sell, by price lists or its own price.
    struct UnitPrice {
        bool sold = false;                  // the product is there, and not archived
        std::optional<std::int64_t> cents;  // absent: none is known in the offer's currency
        std::string rule;                   // the stream that says it, and its version
        Version revision = 0;
        ClubifyId clubify_product_id;
        std::optional<std::string> sku;
        std::string name;
    };
    struct UnitPrices {
        std::string offer_status, currency;  // empty: there is no such offer
        Rounding rounding = Rounding::half_away;
        std::vector<std::string> segments;  // of the customer
        std::vector<UnitPrice> units;       // of each product that was asked for
        Position position = 0;
    };

    /// Of `question` the offer, the customer and the time count. nullopt as below.
    virtual std::optional<UnitPrices> unit_prices(
        const TenantId& tenant, const Question& question, std::span<const ProductId> products
    ) const = 0;

    /// By the rules as they are at one position. nullopt: they are not there yet.
    virtual std::optional<Decided> decide(const TenantId& tenant, const Question& question)
        const = 0;
};

}  // namespace vitrine::rules::prices
