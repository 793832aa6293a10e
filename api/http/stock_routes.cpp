#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/stock/reservation.hpp"
#include "queries/stock/stock.hpp"

namespace vitrine::api {
namespace {

queries::Result get_stock(Backend& backend, const Call& call) {
    return queries::get_stock(backend.reads, call.principal.tenant, call.captures.front());
}

queries::Result list_stock(Backend& backend, const Call& call) {
    auto parameters = list_parameters(call);
    parameters.status = call.parameter("policy");
    return queries::list_stock(
        backend.reads, call.principal.tenant, parameters, call.value_faults()
    );
}

queries::Result stock_history(Backend& backend, const Call& call) {
    return queries::stock_history(
        backend.reads, call.principal.tenant, call.captures.front(), list_parameters(call)
    );
}

queries::Result get_reservation(Backend& backend, const Call& call) {
    return queries::get_reservation(backend.reads, call.principal.tenant, call.captures.front());
}

constexpr const char* models[] = {queries::stock_model};
constexpr std::string_view policies[] = {"tracked", "untracked"};

constexpr Parameter list_stock_parameters[] = {
    {"policy", "tracked or untracked; both unless told", false, "string", policies},
    {"q",
     "only those whose SKU has this in it; case does not matter. A page looks at 10,000 entries: "
     "it may be short or empty and still have a next_cursor"},
    limit,
    cursor,
};

constexpr Parameter history_parameters[] = {limit, cursor};

const Route table[] = {
    {.name = "ListStock",
     .method = "GET",
     .pattern = "/v1/stock",
     .access = Access::reader,
     .help = "What there is of each SKU that was set, the newest first, page by page.",
     .parameters = list_stock_parameters,
     .models = models,
     .query = list_stock},
    {.name = "GetStock",
     .method = "GET",
     .pattern = "/v1/stock/{sku}",
     .access = Access::reader,
     .help =
         "What there is of a SKU, what of it is reserved at this moment and allocated, and what "
         "is available: on_hand - allocated - reserved - safety. One that was never set is not "
         "tracked.",
     .models = models,
     .query = get_stock},
    {.name = "GetStockHistory",
     .method = "GET",
     .pattern = "/v1/stock/{sku}/history",
     .access = Access::reader,
     .help = "What happened to the stock of a SKU, the newest first, page by page.",
     .parameters = history_parameters,
     .models = models,
     .query = stock_history},
    {.name = "GetReservation",
     .method = "GET",
     .pattern = "/v1/reservations/{id}",
     .access = Access::reader,
     .help = "A reservation, and how it stands at this moment.",
     .query = get_reservation},
};

}  // namespace

RouteArea stock_routes() {
    static constexpr char answers[] = {
#embed "answers/stock.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
