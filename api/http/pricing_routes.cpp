#include <string>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/listed.hpp"

namespace vitrine::api {
namespace {

constexpr const char* price_lists = "price_lists";
constexpr const char* settings = "price_settings";

queries::Result get_price_list(Backend& backend, const Call& call) {
    return queries::get_listed(
        backend.reads,
        call.principal.tenant,
        price_lists,
        call.captures.front(),
        {"there is no such price list", "esta lista de preços não existe"},
        "deleted"
    );
}

queries::Result list_price_lists(Backend& backend, const Call& call) {
    auto parameters = list_parameters(call);
    parameters.type = "pricelist";  // not those that are deleted
    return queries::list_listed(backend.reads, call.principal.tenant, price_lists, parameters);
}

/// What is said, or what goes for whoever never said anything.
queries::Result get_setting(
    Backend& backend, const Call& call, std::string_view id, std::string_view otherwise
) {
    auto said = queries::get_listed(backend.reads, call.principal.tenant, settings, id, {"", ""});
    if (said || said.error().kind != queries::QueryError::Kind::not_found) return said;
    queries::Answer answer;
    answer.body = "{\"pricing_id\":\"" + std::string(id) + "\"," + std::string(otherwise) +
                  ",\"status\":\"default\",\"version\":0}";
    answer.position = backend.reads.projections.read_model(settings).position();
    return answer;
}

queries::Result get_installments(Backend& backend, const Call& call) {
    return get_setting(
        backend,
        call,
        "installments",
        R"("max":1,"interest_free":1,"monthly_rate_ppm":0,"min_installment_cents":0)"
    );
}

queries::Result get_rounding(Backend& backend, const Call& call) {
    return get_setting(backend, call, "rounding", R"("rounding":"half_away")");
}

constexpr const char* list_models[] = {price_lists};
constexpr const char* setting_models[] = {settings};

constexpr Parameter list_price_lists_parameters[] = {
    {"q",
     "only those whose name has this in it; case does not matter. A page looks at 10,000 entries: "
     "it may be short or empty and still have a next_cursor"},
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListPriceLists",
     .method = "GET",
     .pattern = "/v1/price-lists",
     .access = Access::reader,
     .help = "The tenant's price lists, the newest first, page by page.",
     .parameters = list_price_lists_parameters,
     .models = list_models,
     .query = list_price_lists},
    {.name = "GetPriceList",
     .method = "GET",
     .pattern = "/v1/price-lists/{name}",
     .access = Access::reader,
     .help = "One price list by its name, with its prices.",
     .models = list_models,
     .query = get_price_list,
     .has_version = true},
    {.name = "GetInstallments",
     .method = "GET",
     .pattern = "/v1/installments",
     .access = Access::reader,
     .help = "In how many payments a total may be paid, and what that costs.",
     .models = setting_models,
     .query = get_installments,
     .has_version = true},
    {.name = "GetRounding",
     .method = "GET",
     .pattern = "/v1/rounding",
     .access = Access::reader,
     .help = "How half a cent is rounded.",
     .models = setting_models,
     .query = get_rounding,
     .has_version = true},
};

}  // namespace

RouteArea pricing_routes() {
    static constexpr char answers[] = {
#embed "answers/pricing.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
