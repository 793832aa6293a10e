#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/customer_export.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/at_least.hpp"
#include "queries/customers/customers.hpp"

namespace vitrine::api {
namespace {

queries::Result get_customer(Backend& backend, const Call& call) {
    const auto masked = call.flag("masked");
    if (!masked) return std::unexpected(queries::invalid({masked.error()}));
    return queries::get_customer(
        backend.reads, call.principal.tenant, call.captures.front(), *masked
    );
}

queries::Result list_customers(Backend& backend, const Call& call) {
    auto faults = call.value_faults();
    const auto masked = call.flag("masked");
    if (!masked) faults.push_back(masked.error());
    return queries::list_customers(
        backend.reads,
        call.principal.tenant,
        list_parameters(call),
        {call.parameter("email"),
         call.parameter("phone"),
         call.parameter("document"),
         call.parameter("tag"),
         masked.value_or(false)},
        std::move(faults)
    );
}

constexpr const char* models[] = {queries::customers_model};
constexpr const char* export_models[] = {queries::customers_model, queries::sales_model};
constexpr std::string_view statuses[] = {"active", "merged", "erased"};

constexpr Parameter mask{
    "masked", "true: what names them shows no more than that it is there", false, "boolean"
};
constexpr Parameter get_parameters[] = {mask};
constexpr Parameter list_parameters_of_customers[] = {
    {"email", "only who has this e-mail address, in any spelling"},
    {"phone", "only those with this phone number, in any spelling"},
    {"document", "only those with this CPF or CNPJ, with or without its marks"},
    {"tag", "only those with this tag"},
    {"status", "active, merged or erased; all unless told", false, "string", statuses},
    {"q",
     "only those whose name, e-mail address, phone or document has this in it; case and accents do "
     "not matter. A page looks at 10,000 entries: it may be short or empty and still have a "
     "next_cursor"},
    mask,
    sort,
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListCustomers",
     .method = "GET",
     .pattern = "/v1/customers",
     .access = Access::reader,
     .help = "The tenant's customers, the newest first, page by page.",
     .parameters = list_parameters_of_customers,
     .models = models,
     .query = list_customers},
    {.name = "GetCustomer",
     .method = "GET",
     .pattern = "/v1/customers/{id}",
     .access = Access::reader,
     .help = "One customer. Of one who was merged into another, whose id that is; of one who was "
             "erased, that.",
     .parameters = get_parameters,
     .models = models,
     .query = get_customer,
     .has_version = true},
    {.name = "ShowCustomer",
     .method = "POST",
     .pattern = "/v1/customers/{id}/show",
     .access = Access::reader,
     .help = "One customer as GetCustomer answers them, for somebody who looks at them: that they "
             "were shown is an event.",
     .waiting_query = show_customer,
     .heeds_conditions = true,
     .writes = true},
    {.name = "ExportCustomer",
     .method = "GET",
     .pattern = "/v1/customers/{id}/export",
     .access = Access::admin,
     .help = "All that is held of a customer: the customer as they are, their orders, and every "
             "event of theirs, open. That it was shown is an event.",
     .models = export_models,
     .waiting_query = export_customer,
     .writes = true},
};

}  // namespace

RouteArea customer_routes() {
    static constexpr char answers[] = {
#embed "answers/customers.json"
    };
    return {table, {answers, sizeof answers}, "customer", nullptr, complete_customer_command};
}

}  // namespace vitrine::api
