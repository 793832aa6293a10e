#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "queries/activity/list_activity.hpp"
#include "queries/at_least.hpp"

namespace vitrine::api {
namespace {

queries::Result list_activity(Backend& backend, const Call& call) {
    return queries::list_activity(
        backend.reads,
        call.principal.tenant,
        {.actor = call.parameter("actor"),
         .offer_id = call.parameter("offer_id"),
         .q = call.parameter("q"),
         .limit = call.parameter("limit"),
         .cursor = call.parameter("cursor")}
    );
}

constexpr const char* activity[] = {queries::activity_model, queries::offers_model};

constexpr Parameter parameters[] = {
    {"actor", "only what this principal did: key:<prefix>"},
    {"offer_id", "only what concerns this offer"},
    {"q",
     "only entries with this in type, actor, summary or the names of offer and product; case and "
     "accents do not matter. A "
     "page searches 10,000 entries: it may be short or empty and still have a next_cursor"},
    {"limit", "entries of a page, 1 to 1000; 50 unless told", false, "integer"},
    {"cursor", "next_cursor of the page before"},
};

const Route table[] = {
    {.name = "ListActivity",
     .method = "GET",
     .pattern = "/v1/activity",
     .access = Access::reader,
     .help = "Who did what when, the newest first.",
     .parameters = parameters,
     .models = activity,
     .query = list_activity},
};

}  // namespace

RouteArea activity_routes() {
    static constexpr char answers[] = {
#embed "answers/activity.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
