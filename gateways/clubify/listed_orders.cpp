#include "gateways/clubify/listed_orders.hpp"

#include "gateways/clubify/listed_page.hpp"

namespace vitrine::clubify {
namespace {

std::optional<std::string> told(const Json& object, Names names) {
    auto text = optional_text(object, names);
    return text && text->empty() ? std::nullopt : text;
}

std::optional<ClubifyId> id_in(const Json& object, Names names) {
    auto text = told(object, names);
    return text ? std::optional(ClubifyId(*std::move(text))) : std::nullopt;
}

std::optional<Timestamp> time_in(const Json& object, Names names) {
    const auto text = told(object, names);
    return text ? parse_time(*text) : std::nullopt;
}

/// Campaign tags stand in the order itself, in its metadata, or in what it calls utm or tracking.
std::optional<std::string> tag_in(const Json& order, const char* utm, const char* plain) {
    for (const char* name : {"utm", "tracking"}) {
        const Json* place = find(order, {name});
        if (place == nullptr || !place->is_object()) continue;
        if (auto tag = told(*place, {plain, utm})) return tag;
    }
    if (auto tag = told(order, {utm})) return tag;
    const Json* metadata = find(order, {"metadata"});
    return metadata != nullptr && metadata->is_object() ? told(*metadata, {utm}) : std::nullopt;
}

std::optional<ListedOrderLine> line_of(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    ListedOrderLine line;
    line.product = id_in(json, {"product_id", "productId"}).value_or(ClubifyId());
    line.offer = id_in(json, {"offer_id", "offerId"});
    line.sku = told(json, {"sku"});
    line.name = told(json, {"name", "product_name", "productName"});
    line.quantity = integer_of(json, {"quantity"}).value_or(1);
    if (const auto all = cents_in(json, {"total_amount", "total_price", "totalPrice"})) {
        line.amount_cents = *all;
    } else if (const auto one = cents_in(json, {"unit_price", "unitPrice", "price"})) {
        if (__builtin_mul_overflow(*one, line.quantity, &line.amount_cents)) return std::nullopt;
    }
    const auto kind = told(json, {"type"});
    if (kind && *kind != "product") line.kind = *kind;
    return line;
}

/// The id of who bought, told of itself or of what stands for them.
std::optional<ClubifyId> customer_in(const Json& order) {
    if (auto id = id_in(order, {"customer_id", "customerId"})) return id;
    const Json* customer = find(order, {"customer"});
    if (customer == nullptr || !customer->is_object()) return std::nullopt;
    return id_in(*customer, {"id", "_id", "customerId"});
}

std::optional<ListedOrder> order_of(const Json& json) {
    ListedOrder order;
    order.id = text_of(json, {"_id", "id"});
    const auto total = cents_in(json, {"total_amount", "totalAmount", "total"});
    const auto placed = time_in(json, {"createdAt", "created_at"});
    if (order.id.empty() || !total || !placed) return std::nullopt;
    order.total_cents = *total;
    order.placed_at = *placed;
    order.completed_at = time_in(json, {"completed_at", "completedAt", "paid_at", "paidAt"});
    order.status = text_of(json, {"status"});
    order.payment_status = text_of(json, {"payment_status", "paymentStatus"});
    order.currency = told(json, {"currency"}).value_or("BRL");
    order.discount_cents = cents_in(json, {"discount_amount", "discountAmount"}).value_or(0);
    order.shipping_cents = cents_in(json, {"shipping_amount", "shippingAmount"}).value_or(0);
    order.refunded_cents =
        cents_in(json, {"total_refunded", "totalRefunded", "refunded_amount", "refundedAmount"});
    if (const Json* items = find(json, {"items"}); items != nullptr && items->is_array()) {
        for (const Json& item : *items) {
            auto line = line_of(item);
            if (!line) return std::nullopt;
            order.lines.push_back(*std::move(line));
        }
    }
    order.offer = id_in(json, {"offer_id", "offerId"});
    order.customer = customer_in(json);
    order.payment_method = told(json, {"payment_method", "paymentMethod"});
    order.source = tag_in(json, "utm_source", "source");
    order.medium = tag_in(json, "utm_medium", "medium");
    order.campaign = tag_in(json, "utm_campaign", "campaign");
    return order;
}

}  // namespace

std::optional<ListedPage<ListedOrder>> read_listed_orders(const JsonText& answer, int page) {
    return read_page<ListedOrder, order_of>(answer, page, "orders");
}

asio::awaitable<Result<ListedPage<ListedOrder>>> order_page(
    Clubify& clubify, Account account, int page
) {
    return get_page<ListedPage<ListedOrder>, read_listed_orders>(
        &clubify, std::move(account), "/orders", page
    );
}

}  // namespace vitrine::clubify
