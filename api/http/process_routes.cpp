// What processes do, and what they wait for.
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/query_parameters.hpp"
#include "queries/at_least.hpp"
#include "queries/processes/processes.hpp"

namespace vitrine::api {
namespace {

queries::Result list_processes(Backend& backend, const Call& call) {
    if (auto faults = call.value_faults(); !faults.empty())
        return std::unexpected(queries::invalid(std::move(faults)));
    return queries::list_processes(
        backend.reads,
        call.principal.tenant,
        {call.parameter("kind"),
         call.parameter("state"),
         call.parameter("limit"),
         call.parameter("cursor"),
         call.language}
    );
}

queries::Result get_process(Backend& backend, const Call& call) {
    return queries::get_process(
        backend.reads,
        call.principal.tenant,
        call.captures.front(),
        call.captures.back(),
        call.language
    );
}

constexpr const char* models[] = {queries::processes_model};
constexpr std::string_view kinds[] = {"offer-schedule", "checkout"};
constexpr std::string_view states[] = {"open", "waiting", "blocked", "done"};

constexpr Parameter list_parameters[] = {
    {"kind", "only of this kind: offer-schedule or checkout", false, "string", kinds},
    {"state",
     "open: something is under way; waiting: for a time or a fact; blocked: somebody has to see to "
     "it; done",
     false,
     "string",
     states},
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListProcesses",
     .method = "GET",
     .pattern = "/v1/processes",
     .access = Access::reader,
     .help = "What goes on by itself: each process with its state, what it waits for and when it "
             "goes on, the newest first.",
     .parameters = list_parameters,
     .models = models,
     .query = list_processes},
    {.name = "GetProcess",
     .method = "GET",
     .pattern = "/v1/processes/{kind}/{id}",
     .access = Access::reader,
     .help = "One process: its state, its steps with what became of each, and its timers.",
     .models = models,
     .query = get_process},
};

}  // namespace

RouteArea process_routes() {
    static constexpr char answers[] = {
#embed "answers/processes.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
