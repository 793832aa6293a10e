#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/at_least.hpp"
#include "queries/customers/customers.hpp"
#include "queries/orders/orders.hpp"

namespace vitrine::api {
namespace {

queries::OrdersParameters parameters_of(const Call& call) {
    return {
        .offer_id = call.parameter("offer_id"),
        .customer_id = call.parameter("customer_id"),
        .status = call.parameter("status"),
        .from = call.parameter("from"),
        .to = call.parameter("to"),
        .sort = call.parameter("sort"),
        .limit = call.parameter("limit"),
        .cursor = call.parameter("cursor")
    };
}

queries::Result list_orders(Backend& backend, const Call& call) {
    return queries::list_orders(backend.reads, call.principal.tenant, parameters_of(call));
}

queries::Result get_order(Backend& backend, const Call& call) {
    return queries::get_order(backend.reads, call.principal.tenant, call.captures.front());
}

queries::Result list_customer_orders(Backend& backend, const Call& call) {
    return queries::list_customer_orders(
        backend.reads, call.principal.tenant, call.captures.front(), parameters_of(call)
    );
}

constexpr const char* models[] = {queries::sales_model};
constexpr const char* customer_orders_models[] = {queries::customers_model, queries::sales_model};

constexpr Parameter of_offer{"offer_id", "only those with something of this offer"};
constexpr Parameter of_status{
    "status",
    "only those that stand so: pending, paid, completed, cancelled, refunded, returned, or as "
    "whoever told of them called it"
};
constexpr Parameter first_day{
    "from", "only those placed on this day (2026-03-01, of America/Sao_Paulo) or later"
};
constexpr Parameter last_day{
    "to", "only those placed on this day or before; at most 3660 days after from"
};
constexpr Parameter sort_of_orders{
    "sort", "placed_at; a minus before it: descending, as unless told"
};

constexpr Parameter list_parameters_of_orders[] = {
    of_offer,
    {"customer_id", "only those of this customer, and of whoever was merged into them"},
    of_status,
    first_day,
    last_day,
    sort_of_orders,
    limit,
    cursor,
};
constexpr Parameter customer_orders_parameters[] = {
    of_offer, of_status, first_day, last_day, sort_of_orders, limit, cursor
};

const Route table[] = {
    {.name = "ListOrders",
     .method = "GET",
     .pattern = "/v1/orders",
     .access = Access::reader,
     .help = "The tenant's orders, the newest first, page by page: of the platform's webhooks, of "
             "adoption, of imports and of our own checkouts, each once.",
     .parameters = list_parameters_of_orders,
     .models = models,
     .query = list_orders},
    {.name = "GetOrder",
     .method = "GET",
     .pattern = "/v1/orders/{id}",
     .access = Access::reader,
     .help = "One order, by its id here or on the platform.",
     .models = models,
     .query = get_order},
    {.name = "ListCustomerOrders",
     .method = "GET",
     .pattern = "/v1/customers/{id}/orders",
     .access = Access::reader,
     .help = "The orders of one customer, the newest first, page by page.",
     .parameters = customer_orders_parameters,
     .models = customer_orders_models,
     .query = list_customer_orders},
};

}  // namespace

RouteArea order_routes() {
    static constexpr char answers[] = {
#embed "answers/orders.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
