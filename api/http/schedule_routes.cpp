#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "queries/at_least.hpp"
#include "queries/schedules/get_schedule.hpp"

namespace vitrine::api {
namespace {

queries::Result get_schedule(Backend& backend, const Call& call) {
    return queries::get_schedule(
        backend.reads, call.principal.tenant, OfferId(call.captures.front())
    );
}

constexpr const char* models[] = {queries::schedules_model, queries::offers_model};

const Route table[] = {
    {.name = "GetSchedule",
     .method = "GET",
     .pattern = "/v1/offers/{id}/schedule",
     .access = Access::reader,
     .help = "What is scheduled for the offer, what comes next, and what became of what was due.",
     .models = models,
     .query = get_schedule,
     .has_version = true},
};

}  // namespace

RouteArea schedule_routes() {
    static constexpr char answers[] = {
#embed "answers/schedules.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
