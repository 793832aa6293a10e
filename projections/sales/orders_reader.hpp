#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/orders.hpp"
#include "projections/list_key.hpp"
#include "projections/read_model.hpp"
#include "projections/sales/order.hpp"

namespace vitrine::projections {

/// An order as it is read: what all that was told of it comes to, and what is known here of what it
/// names. Empty texts: not told, or not known here.
struct OrderRow {
    std::string order_id;  // the platform's
    OrderSum sum;
    std::vector<RefundTold> refunds;
    std::string offer_id;     // ours; empty too where it has lines of several
    std::string customer_id;  // ours; who was merged has the other's
    std::string currency;     // where none was told, that of its offer
    Position position = 0;
};

/// A product of ours by what a line calls it.
struct LineProduct {
    std::string product_id, sku, name;
};

/// What a page of orders is asked by; empty texts do not filter.
struct OrdersPage {
    std::string status;
    std::string offer_id;                                // ours
    std::string customer_id;                             // ours
    std::optional<std::int64_t> from = {}, before = {};  // placed_at, in microseconds
    bool descending = true;                              // by placed_at
    std::optional<ListKey> after = {};
    std::size_t limit = 50;
};

/// Orders in the read model `sales`, on the caller's thread.
class OrdersReader {
public:
    explicit OrdersReader(Lease lease) : lease_(std::move(lease)) { lease_.read_position(); }

    Position position() const { return lease_.position(); }

    /// By the id of ours or the platform's.
    std::optional<OrderRow> find(const TenantId& tenant, std::string_view id);

    ListItems<OrderRow> list(const TenantId& tenant, const OrdersPage& page);

    /// By its id of ours, the platform's or its SKU.
    std::optional<LineProduct> product(const TenantId& tenant, std::string_view told);
    /// The id of ours; empty: no offer here is called so.
    std::string offer_id(const TenantId& tenant, std::string_view told);

    /// Orders whose lines do not sum to their total, in the order of their ids.
    std::vector<OrderRow> unexplained(const TenantId& tenant);
    std::size_t count(const TenantId& tenant);

private:
    void name_what_is_known(const TenantId& tenant, OrderRow& row);
    std::string customer_id(const TenantId& tenant, const OrderSum& sum);
    std::vector<std::string> texts(const char* sql, const TenantId& tenant, std::string_view value);
    ListItems<OrderRow> page_of(
        std::string_view from,
        std::string_view place,
        const TenantId& tenant,
        std::string_view value,
        const OrdersPage& page
    );

    Lease lease_;
};

}  // namespace vitrine::projections
