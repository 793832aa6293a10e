#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "sandbox/checkouts.hpp"
#include "sandbox/fields.hpp"
#include "sandbox/lists.hpp"
#include "sandbox/objects.hpp"
#include "sandbox/past_sales.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/sales.hpp"
#include "sandbox/sales_routes.hpp"

namespace vitrine::sandbox {
namespace {

/// Quoted where a comma, a quote or a line end asks for it (RFC 4180).
std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string utm_of(const Json& order, const char* name, const char* otherwise) {
    const auto* metadata = member(order, "utm");
    const auto given = metadata ? text_of(*metadata, name) : std::string_view();
    return csv_field(given.empty() ? otherwise : given);
}

/// One line for the whole order: its total is what was charged, whatever the items cost.
std::string order_line(const Json& order, std::string_view slug) {
    const auto& items = order.at("items");
    const auto product = items.empty() ? std::string_view("-") : text_of(items[0], "product_id");
    std::string line(text_of(order, "_id"));
    line += ',' + std::string(text_of(order, "createdAt")) + ',' + std::string(slug);
    line += ',' + csv_field(product) + ",1,";
    line += std::to_string(order.at("total_amount").get<std::int64_t>());
    line += ',' + utm_of(order, "source", "direct") + ',' + utm_of(order, "medium", "");
    line += ',' + utm_of(order, "campaign", "") + ",completed\n";
    return line;
}

/// A customer as events and orders show it, under both spellings of its id.
Json buyer(const Call& call, std::string_view id) {
    const auto found = find_customer(call, id);
    if (!found) return {};
    const auto& customer = *found;
    Json shown{{"id", id}, {"customerId", id}};
    for (const auto* name : {"name", "email", "phone", "document"}) {
        shown[name] = text_of(customer, name);
    }
    return shown;
}

void count_for_customer(Call& call, std::string_view id, std::int64_t cents, std::int64_t orders) {
    auto found = find_customer(call, id);
    if (!found) return;
    auto& customer = *found;
    customer["total_spent"] = customer.at("total_spent").get<std::int64_t>() + cents;
    customer["total_orders"] = customer.at("total_orders").get<std::int64_t>() + orders;
    store_changed(call, Kind::customers, customer);
}

/// Both naming styles, so that every documented receiver finds its own.
Json told_of(const Json& order) {
    auto told = order;
    told["orderId"] = order.at("_id");
    told["order_id"] = order.at("_id");
    told["organizationId"] = order.at("organization_id");
    told["amount"] = order.at("total_amount");
    return told;
}

Json payment_of(const Json& order) {
    return {
        {"id", order.at("transaction_id")},
        {"transaction_id", order.at("transaction_id")},
        {"order_id", order.at("_id")},
        {"orderId", order.at("_id")},
        {"offer_id", order.at("offer_id")},
        {"amount", order.at("total_amount")},
        {"currency", order.at("currency")},
        {"status", order.at("payment_status")},
        {"method", order.at("payment_method")},
    };
}

Result list(Call& call) {
    const auto filters = common_filters(call);
    if (!filters) return std::unexpected(filters.error());
    PastSales past(call);
    return list_rows(call, Kind::orders, *filters, {past.order_rows(), [&](const Row& row) {
                                                        return past.order_text(row);
                                                    }});
}

Result get(Call& call) {
    const auto row = find_row(call, Kind::orders, "Order");
    if (row) return Reply{200, (*row)->text};
    const auto past = PastSales(call).order(call.args.front());
    if (!past) return std::unexpected(row.error());
    return Reply{200, past->dump()};
}

/// By the id of the order or of its transaction.
std::optional<Json> find_paid(const Call& call) {
    const auto& orders = call.world.state.table(Kind::orders);
    std::string_view id = call.args.front();
    if (const auto* row = orders.find(call.space, id)) return load(*row);
    for (const auto* row : orders.rows(call.space)) {
        if (auto order = load(*row); text_of(order, "transaction_id") == id) return order;
    }
    if (id.starts_with(transaction_prefix)) id.remove_prefix(transaction_prefix.size());
    return PastSales(call).order(id);
}

/// Of what has no payment of its own: in whole.
Result refund(Call& call) {
    if (auto refunded = refund_payment(call, call.args.front())) return *std::move(refunded);
    auto found = find_paid(call);
    if (!found) return std::unexpected(not_found("Payment"));
    auto& order = *found;
    FieldErrors errors;
    constexpr std::array<std::string_view, 2> attested{"amount", "reason"};
    use_attested_names(call.body, {attested, {}}, call.world.strict, "", errors);
    Checker check(call.body, "", errors);
    check.cents("amount");
    if (!errors.empty()) return std::unexpected(bad_fields(std::move(errors)));
    if (text_of(order, "status") == "refunded") return Reply{200, payment_of(order).dump()};
    const auto total = order.at("total_amount").get<std::int64_t>();
    if (const auto* amount = member(call.body, "amount"); amount && *amount != total) {
        return std::unexpected(bad_request("Only the whole amount is refunded", "partial_refund"));
    }
    // Who is of the CSV has its order counted until that is stored.
    count_for_customer(call, text_of(order, "customer_id"), -total, 0);
    order["status"] = "refunded";
    order["payment_status"] = "refunded";
    store_changed(call, Kind::orders, order);
    tell(call, "payment.refunded", payment_of(order));
    tell(call, "order.refunded", told_of(order));
    return Reply{200, payment_of(order).dump()};
}

constexpr std::array routes{
    Route{"GET", "/orders", list},
    Route{"GET", "/orders/{id}", get},
    Route{"POST", "/payments/{id}/refund", refund},
};

}  // namespace

Json make_order(const Call& call, const Json& checkout, const std::optional<Json>& payment) {
    auto order = new_object(call);
    const auto id = order.at("_id").get<std::string>();
    order["order_number"] = "ORD-" + id.substr(16);
    order["organization_id"] = call.grant.organization;
    order["offer_id"] = text_of(checkout, "offer_id");
    order["checkout_id"] = checkout.at("_id");
    order["customer_id"] = text_of(checkout, "customer_id");
    order["customer"] = buyer(call, text_of(checkout, "customer_id"));
    order["status"] = "completed";
    order["payment_status"] = "paid";
    order["fulfillment_status"] = "delivered";
    order["payment_method"] = payment ? text_of(*payment, "payment_method") : "credit_card";
    order["transaction_id"] =
        payment ? payment->at("_id").get<std::string>() : std::string(transaction_prefix) + id;
    order["items"] = checkout.at("items");
    order["total_amount"] = checkout.at("total_amount");
    order["total"] = checkout.at("total_amount");
    order["currency"] = checkout.at("currency");
    auto utm = Json::object();
    for (const auto* name : {"source", "medium", "campaign"}) {
        utm[name] = text_of(checkout, "utm_" + std::string(name));
    }
    order["utm"] = std::move(utm);
    if (const auto* metadata = member(checkout, "metadata")) order["metadata"] = *metadata;
    order["completed_at"] = format_time(call.now());
    return order;
}

Reply place_order(Call& call, Json& order) {
    const auto* offer =
        call.world.state.table(Kind::offers).find(call.space, text_of(order, "offer_id"));
    if (offer) call.world.add_order_lines(order_line(order, offer->facets.slug));
    auto reply = store(call, Kind::orders, order, 200);
    const auto total = order.at("total_amount").get<std::int64_t>();
    count_for_customer(call, text_of(order, "customer_id"), total, 1);
    tell(call, "order.created", told_of(order));
    // A payment of its own has told that it is paid.
    if (!find_payment(call, text_of(order, "transaction_id")))
        tell(call, "payment.paid", payment_of(order));
    tell(call, "order.paid", told_of(order));
    tell(call, "order.completed", told_of(order));
    return reply;
}

std::span<const Route> order_routes() {
    return routes;
}

}  // namespace vitrine::sandbox
