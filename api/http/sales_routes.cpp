#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/at_least.hpp"
#include "queries/sales/best_sellers.hpp"
#include "queries/sales/sales.hpp"

namespace vitrine::api {
namespace {

using queries::Result;

Result sales(Backend& backend, const Call& call) {
    return queries::sales(backend.reads, call.principal.tenant, std::nullopt, days_of(call));
}

Result offer_sales(Backend& backend, const Call& call) {
    return queries::sales(
        backend.reads, call.principal.tenant, OfferId(call.captures.front()), days_of(call)
    );
}

Result best_sellers(Backend& backend, const Call& call) {
    return queries::best_sellers(
        backend.reads,
        call.principal.tenant,
        {call.parameter("by"),
         days_of(call),
         call.parameter("currency"),
         call.parameter("limit"),
         call.parameter("cursor")}
    );
}

constexpr const char* sales_models[] = {queries::sales_model};
constexpr const char* offer_sales_models[] = {queries::offers_model, queries::sales_model};

constexpr std::string_view sellers[] = {"offer", "source"};

constexpr Parameter best_sellers_parameters[] = {
    {"by", "offer or source; offer unless told", false, "string", sellers},
    revenue_period,
    from,
    to,
    {"currency", "only what was sold in it"},
    limit,
    cursor,
};
constexpr Parameter sales_parameters[] = {period, from, to};

const Route table[] = {
    {.name = "GetOfferSales",
     .method = "GET",
     .pattern = "/v1/offers/{id}/sales",
     .access = Access::reader,
     .help =
         "The offer's orders, revenue and refunds by day and source, as the platform's webhooks "
         "told them.",
     .parameters = sales_parameters,
     .models = offer_sales_models,
     .query = offer_sales},
    {.name = "GetSales",
     .method = "GET",
     .pattern = "/v1/sales",
     .access = Access::reader,
     .help = "Orders, revenue and refunds of all offers by day and source, as the platform's "
             "webhooks told them.",
     .parameters = sales_parameters,
     .models = sales_models,
     .query = sales},
    {.name = "GetBestSellers",
     .method = "GET",
     .pattern = "/v1/analytics/best-sellers",
     .access = Access::reader,
     .help = "What sold most by revenue, with its share of all that was sold in that currency, as "
             "the platform's webhooks told it; one currency after the other, that with the most "
             "orders first.",
     .parameters = best_sellers_parameters,
     .models = offer_sales_models,
     .query = best_sellers},
};

}  // namespace

RouteArea sales_routes() {
    static constexpr char answers[] = {
#embed "answers/sales.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
