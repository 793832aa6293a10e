#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "sandbox/call.hpp"
#include "sandbox/past_orders.hpp"

namespace vitrine::sandbox {

/// Stands before an order's id in that of its payment.
constexpr std::string_view transaction_prefix = "txn_";

/// What the CSV tells of, as the tenant of a call sees it: orders of its offers, and those who
/// bought them. Once an order or a customer is stored, because somebody changed it, the stored one
/// stands in its place. For one request.
class PastSales {
public:
    explicit PastSales(const Call& call) : call_(call), past_(call.world.orders.past()) {}

    /// For lists: rows without their text, which order_text() and customer_text() make.
    std::vector<Row> order_rows();
    std::vector<Row> customer_rows();
    std::string order_text(const Row& row) { return to_json(*past_.order(row.id)).dump(); }
    std::string customer_text(const Row& row) { return to_json(*past_.customer(row.id)).dump(); }

    std::optional<Json> order(std::string_view id);
    std::optional<Json> customer(std::string_view id);
    std::optional<Json> customer_by_email(std::string_view email);
    /// Oldest first.
    std::vector<const PastOrder*> orders_of(std::string_view customer);
    std::vector<const PastOrder*> orders();

    Json to_json(const PastOrder& order);
    /// Cents: what its lines come to, less the discount, with the shipping.
    std::int64_t total_of(const PastOrder& order);
    std::string_view status_of(const PastOrder& order);
    /// As orders name it: the stored customer of the same address, if there is one. Empty: nobody.
    std::string customer_id_of(const PastOrder& order);

private:
    using Lines = std::vector<const PastLine*>;

    const Row* offer_of(const PastLine& line);
    const Row* product_of(const PastLine& line);
    bool is_seen(const PastOrder& order);
    bool is_seen(const PastCustomer& customer);
    /// Those of the tenant's offers; of an order that is completed in part, what was.
    Lines lines_of(const PastOrder& order);
    const Row* stored(const PastCustomer& customer) const;
    Json to_json(const PastCustomer& customer);
    Json item_json(const PastLine& line);
    Json object(std::string_view id, Timestamp created) const;

    const Call& call_;
    const PastOrders& past_;
    std::unordered_map<std::uint32_t, const Row*> offers_, products_;
    std::optional<TextMap<const Row*>> by_sku_;
};

}  // namespace vitrine::sandbox
