#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "core/text.hpp"
#include "queries/listed.hpp"

namespace vitrine::api {
namespace {

constexpr const char* coupons = "coupons";

/// Of a code in a path, however it is written.
queries::Result get_coupon(Backend& backend, const Call& call) {
    return queries::get_listed(
        backend.reads,
        call.principal.tenant,
        coupons,
        fold(call.captures.front()),
        {"there is no such coupon", "este cupom não existe"}
    );
}

queries::Result list_coupons(Backend& backend, const Call& call) {
    return queries::list_listed(
        backend.reads, call.principal.tenant, coupons, list_parameters(call), call.value_faults()
    );
}

constexpr const char* models[] = {coupons};
constexpr std::string_view statuses[] = {"active", "disabled"};

constexpr Parameter list_coupons_parameters[] = {
    {"status", "active or disabled; both unless told", false, "string", statuses},
    {"q",
     "only those whose code has this in it; case does not matter. A page looks at 10,000 entries: "
     "it may be short or empty and still have a next_cursor"},
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListCoupons",
     .method = "GET",
     .pattern = "/v1/coupons",
     .access = Access::reader,
     .help = "The tenant's coupons, the newest first, page by page.",
     .parameters = list_coupons_parameters,
     .models = models,
     .query = list_coupons},
    {.name = "GetCoupon",
     .method = "GET",
     .pattern = "/v1/coupons/{code}",
     .access = Access::reader,
     .help = "One coupon by its code, upper or lower case, and how often it is used.",
     .models = models,
     .query = get_coupon,
     .has_version = true},
};

}  // namespace

RouteArea coupon_routes() {
    static constexpr char answers[] = {
#embed "answers/coupons.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
