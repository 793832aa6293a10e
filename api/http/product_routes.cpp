#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/at_least.hpp"
#include "queries/events/history.hpp"
#include "queries/listed.hpp"
#include "queries/stock/available.hpp"

namespace vitrine::api {
namespace {

using queries::Result;

constexpr Term no_such_product{"there is no such product", "este produto não existe"};

Result get_product(Backend& backend, const Call& call) {
    const auto& tenant = call.principal.tenant;
    return queries::with_available_of_product(
        backend.reads,
        tenant,
        queries::get_listed(
            backend.reads, tenant, queries::products_model, call.captures.front(), no_such_product
        )
    );
}

Result list_products(Backend& backend, const Call& call) {
    const auto& tenant = call.principal.tenant;
    return queries::with_available_of_products(
        backend.reads,
        tenant,
        queries::list_listed(
            backend.reads,
            tenant,
            queries::products_model,
            list_parameters(call),
            call.value_faults()
        )
    );
}

/// A product's tag has also what was available, which its commands do not depend on.
bool was_told_of(Backend&, const Call&, const VersionTag& tag) {
    return queries::told_in(tag.facts) == 0;
}

Result product_history(Backend& backend, const Call& call) {
    return queries::stream_history(
        backend.reads,
        call.principal.tenant,
        events::stream_of(ProductId(call.captures.front())),
        {call.parameter("limit"), call.parameter("cursor")},
        no_such_product
    );
}

constexpr const char* products[] = {queries::products_model};

constexpr std::string_view statuses[] = {"active", "archived"};
constexpr std::string_view types[] = {"digital", "physical", "service", "subscription"};

constexpr Parameter list_products_parameters[] = {
    {"status", "active or archived; both unless told", false, "string", statuses},
    {"sku", "only the product with this SKU, upper and lower case as it has them"},
    {"type", "only of this type", false, "string", types},
    {"q", "as for offers, in names and SKUs"},
    sort,
    limit,
    cursor
};

const Route table[] = {
    {.name = "ListProducts",
     .method = "GET",
     .pattern = "/v1/products",
     .access = Access::reader,
     .help = "The tenant's products, page by page.",
     .parameters = list_products_parameters,
     .models = products,
     .query = list_products},
    {.name = "GetProduct",
     .method = "GET",
     .pattern = "/v1/products/{id}",
     .access = Access::reader,
     .help = "One product.",
     .models = products,
     .query = get_product,
     .has_version = true},
    {.name = "GetProductHistory",
     .method = "GET",
     .pattern = "/v1/products/{id}/events",
     .access = Access::reader,
     .help = "The product's events as CloudEvents, by position.",
     .parameters = history_parameters,
     .query = product_history},
};

}  // namespace

RouteArea product_routes() {
    static constexpr char answers[] = {
#embed "answers/products.json"
    };
    return {table, {answers, sizeof answers}, "product", was_told_of};
}

}  // namespace vitrine::api
