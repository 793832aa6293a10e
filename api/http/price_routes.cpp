#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "queries/at_least.hpp"
#include "queries/offers/price_history.hpp"

namespace vitrine::api {
namespace {

queries::Result price_history(Backend& backend, const Call& call) {
    return queries::price_history(
        backend.reads, call.principal.tenant, OfferId(call.captures.front()), call.parameter("at")
    );
}

constexpr const char* models[] = {queries::price_history_model, queries::offers_model};

constexpr Parameter parameters[] = {
    {"at", "the end of the 30 days whose lowest price is told (RFC 3339); now unless told"},
};

const Route table[] = {
    {.name = "GetOfferPriceHistory",
     .method = "GET",
     .pattern = "/v1/offers/{id}/price-history",
     .access = Access::reader,
     .help =
         "Every price of every product in the offer over time, as it was set and as buyers were "
         "shown it after the discount; the lowest of 30 days, and of the 30 days before the "
         "last reduction. 503 while an event with prices is parked.",
     .parameters = parameters,
     .models = models,
     .query = price_history},
};

}  // namespace

RouteArea price_routes() {
    return {table, {}};  // what they answer stands with the offers
}

}  // namespace vitrine::api
