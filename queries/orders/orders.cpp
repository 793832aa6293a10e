#include "queries/orders/orders.hpp"

#include <nlohmann/json.hpp>

#include "projections/listed.hpp"
#include "projections/sales/orders_reader.hpp"
#include "projections/sales/projector.hpp"
#include "queries/at_least.hpp"
#include "queries/customers/customers.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"
#include "queries/sales/series.hpp"

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;
using projections::OrderRow;
using projections::OrdersReader;

Json time_or_null(std::int64_t microseconds) {
    if (microseconds == 0) return {};
    return format_time(Timestamp(std::chrono::microseconds(microseconds)));
}

std::string kind_of(const Json& told, std::int64_t quantity) {
    if (quantity < 0) return "return";
    return told.value("kind", "product");
}

/// The lines as they were told, with what is known here of their products.
Json lines_json(OrdersReader& orders, const TenantId& tenant, const std::string& lines) {
    auto json = Json::array();
    if (lines.empty()) return json;
    for (const auto& told : Json::parse(lines)) {
        const auto named = told.value("product_id", "");
        auto product = orders.product(tenant, named);
        if (!product && told.contains("sku"))
            product = orders.product(tenant, told.at("sku").get<std::string>());
        const auto or_known = [&](const char* name, const std::string& known) {
            return told.contains(name) ? told.at(name) : text_or_null(known);
        };
        const auto quantity = told.value("quantity", std::int64_t{});
        auto& line = json.emplace_back();
        line["product_id"] = text_or_null(product ? product->product_id : named);
        line["sku"] = or_known("sku", product ? product->sku : "");
        line["name"] = or_known("name", product ? product->name : "");
        line["quantity"] = quantity;
        line["amount_cents"] = told.value("amount_cents", std::int64_t{});
        line["kind"] = kind_of(told, quantity);
        if (told.contains("refunded_cents")) line["refunded_cents"] = told.at("refunded_cents");
        if (told.contains("offer_id"))
            line["offer_id"] = text_or_null(
                orders.offer_id(tenant, told.at("offer_id").get_ref<const std::string&>())
            );
    }
    return json;
}

Json refunds_json(OrdersReader& orders, const TenantId& tenant, const OrderRow& order) {
    auto json = Json::array();
    for (const auto& told : order.refunds) {
        auto& refund = json.emplace_back();
        refund["refund_id"] = text_or_null(told.refund_id);
        refund["payment_id"] = text_or_null(told.payment);
        refund["amount_cents"] = told.cents ? Json(*told.cents) : Json();
        refund["refunded_so_far_cents"] = told.so_far ? Json(*told.so_far) : Json();
        refund["lines"] = lines_json(orders, tenant, told.lines);
    }
    return json;
}

Json order_json(OrdersReader& orders, const TenantId& tenant, const OrderRow& order) {
    const auto& sum = order.sum;
    Json json;
    json["order_id"] = events::order_id_of(tenant, order.order_id).str();
    json["clubify_order_id"] = order.order_id;
    json["source"] = sum.told_by;
    json["status"] = sum.status;
    json["placed_at"] = time_or_null(sum.placed_at);
    json["settled_at"] = time_or_null(sum.counted_at);
    json["customer_id"] = text_or_null(order.customer_id);
    json["offer_id"] = text_or_null(order.offer_id);
    json["currency"] = text_or_null(order.currency);
    json["lines"] = lines_json(orders, tenant, sum.lines);
    json["discount_cents"] = sum.discount_cents;
    json["shipping_cents"] = sum.shipping_cents;
    json["total_cents"] = sum.total_cents;
    json["returned_cents"] = sum.returned_cents;
    json["refunded_cents"] = sum.refunded_cents;
    json["unexplained_cents"] = sum.unexplained_cents ? Json(*sum.unexplained_cents) : Json();
    json["refunds"] = refunds_json(orders, tenant, order);
    json["payment_method"] = text_or_null(sum.payment_method);
    json["utm"] = {
        {"source", text_or_null(sum.source)},
        {"medium", text_or_null(sum.medium)},
        {"campaign", text_or_null(sum.campaign)}
    };
    json["position"] = order.position;
    return json;
}

/// As its cursors name it.
std::string list_name(const OrdersParameters& parameters) {
    return "orders " + parameters.sort.value_or("-placed_at") + ' ' +
           parameters.offer_id.value_or("") + ' ' + parameters.customer_id.value_or("") + ' ' +
           parameters.status.value_or("") + ' ' + parameters.from.value_or("") + ' ' +
           parameters.to.value_or("");
}

projections::OrdersPage read_page(
    const ReadSide& reads, const OrdersParameters& parameters, std::vector<Fault>& faults
) {
    projections::OrdersPage page;
    page.status = parameters.status.value_or("");
    page.offer_id = parameters.offer_id.value_or("");
    page.customer_id = parameters.customer_id.value_or("");
    page.limit = read_limit(parameters.limit, faults);
    if (parameters.from || parameters.to) {
        const auto asked =
            read_days({std::nullopt, parameters.from, parameters.to}, reads.clock(), faults);
        const auto window = window_of(asked.days, projections::sales_zone());
        page.from = window.begin.time_since_epoch().count();
        page.before = window.end.time_since_epoch().count();
    }
    const auto sort = parameters.sort.value_or("-placed_at");
    page.descending = sort.starts_with('-');
    if (sort != "placed_at" && sort != "-placed_at")
        faults.push_back(
            {"/sort",
             "invalid",
             {"sort is placed_at or -placed_at", "sort é placed_at ou -placed_at"}}
        );
    if (!parameters.cursor) return page;
    const auto cursor = decode_revenue_cursor(*parameters.cursor);
    if (!cursor || cursor->list != list_name(parameters)) {
        faults.push_back(
            {"/cursor",
             "invalid",
             {"cursor is not the next_cursor of a page that was asked alike",
              "cursor não é o next_cursor de uma página com as mesmas perguntas"}}
        );
    } else {
        page.after = cursor->key;
    }
    return page;
}

}  // namespace

Result get_order(const ReadSide& reads, const TenantId& tenant, std::string_view id) {
    auto lease = reads.projections.read_model(sales_model).lease();
    if (!lease) return std::unexpected(not_ready());
    OrdersReader orders(*std::move(lease));
    const auto order = orders.find(tenant, id);
    if (!order)
        return std::unexpected(not_found({"there is no such order", "este pedido não existe"}));
    Answer answer;
    answer.body = order_json(orders, tenant, *order).dump();
    answer.position = orders.position();
    return answer;
}

Result list_orders(
    const ReadSide& reads, const TenantId& tenant, const OrdersParameters& parameters
) {
    std::vector<Fault> faults;
    const auto page = read_page(reads, parameters, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    auto lease = reads.projections.read_model(sales_model).lease();
    if (!lease) return std::unexpected(not_ready());
    OrdersReader orders(*std::move(lease));
    const auto found = orders.list(tenant, page);
    return list_answer(
        found.items,
        orders.position(),
        found.next ? encode_revenue_cursor({list_name(parameters), "", std::nullopt, *found.next})
                   : std::string(),
        [&](const OrderRow& order) { return order_json(orders, tenant, order).dump(); }
    );
}

Result list_customer_orders(
    const ReadSide& reads,
    const TenantId& tenant,
    const std::string& customer,
    OrdersParameters parameters
) {
    auto lease = reads.projections.read_model(customers_model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader customers(*std::move(lease), customers_model);
    if (!customers.find(tenant, customer))
        return std::unexpected(not_found({"there is no such customer", "este cliente não existe"}));
    parameters.customer_id = customer;
    return list_orders(reads, tenant, parameters);
}

}  // namespace vitrine::queries
