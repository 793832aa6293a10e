#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/projector.hpp"
#include "projections/sales/order.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

/// What an order that counts adds to the sums.
struct CountedOrder {
    std::string day, currency, source;  // empty: not told
    bool is_return = false;             // it gives back only, and is no order
    bool refunded = false;
    std::vector<OfferPart> parts;
    bool operator==(const CountedOrder&) const = default;
};

/// - `day_sales`: of all offers by day, currency and source. Those that told no currency are by
///   offer too, whose currency they take when it is known.
/// - `offer_day_sales`: of one offer likewise: what of the orders is of it.
/// - `offer_sales`: of one offer, of all days.
std::vector<Table> sales_sum_tables();

/// Sums over the rows of `orders`, kept in step with them, so that no query reads all orders. A sum
/// of no order has no row.
class SalesSums {
public:
    explicit SalesSums(SQLite::Database& database);

    /// The order counts as `after` instead of as `before`; nullopt: not at all.
    void replace(
        const TenantId& tenant,
        const std::optional<CountedOrder>& before,
        const std::optional<CountedOrder>& after
    );

    /// Puts what has changed into the tables.
    void write();
    void forget();

private:
    struct Sum {
        std::int64_t orders = 0, revenue_cents = 0, refunds = 0, refunded_cents = 0;
        bool operator==(const Sum&) const = default;
    };
    using Key = std::array<std::string_view, 5>;  // those of the table, then empty ones

    /// One of the tables, and what its sums are to gain.
    class SumTable {
    public:
        SumTable(
            SQLite::Database& database,
            std::string_view name,
            std::span<const std::string_view> keys
        );
        void add(const Key& key, const Sum& sum, int sign);
        void write();
        void forget() { gains_.clear(); }

    private:
        MadeStatement add_, remove_;
        std::size_t keys_;
        std::map<std::array<std::string, 5>, Sum> gains_;
    };

    void add(const TenantId& tenant, const CountedOrder& order, int sign);

    SumTable days_, offer_days_, offers_;
};

}  // namespace vitrine::projections
