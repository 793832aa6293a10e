#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/event_stream.hpp"
#include "api/http/query_parameters.hpp"
#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "commands/people/disclosure.hpp"
#include "commands/problem.hpp"
#include "queries/command_status.hpp"
#include "queries/events/event_feed.hpp"
#include "queries/list_commands.hpp"
#include "queries/projections_status.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

using queries::Result;

std::optional<std::string> last_event_id(const Call& call) {
    const auto id = call.request.headers.find("Last-Event-ID");
    if (!id || id->empty()) return std::nullopt;  // what a browser sends that has seen none
    return std::string(*id);
}

net::Response feed_page(
    Backend& backend, const Call& call, std::string_view accepted, People people
) {
    queries::FeedParameters parameters;
    parameters.from = call.parameter("from");
    parameters.category = call.parameter("category");
    parameters.limit = call.parameter("limit");
    for (const auto& [name, value] : call.query) {
        if (name == "type") parameters.types.push_back(value);
    }
    if (accepted == "text/event-stream") {
        auto following = queries::follow_events(
            backend.reads, call.principal.tenant, parameters, last_event_id(call)
        );
        return following ? event_stream(backend, call, *std::move(following), people)
                         : error_response(following.error(), call);
    }
    auto reads =
        people == People::open
            ? queries::ReadSide{backend.log, backend.reads.projections, backend.reads.clock}
            : backend.reads;
    auto result = queries::event_feed(reads, call.principal.tenant, parameters);
    return result ? answer_response(*std::move(result), call)
                  : error_response(result.error(), call);
}

boost::asio::awaitable<net::Response> answer_feed(Backend* backend, const Call* call) {
    constexpr std::string_view offered[] = {"application/json", "text/event-stream"};
    const auto accepted = best_accepted(call->request.headers.list("Accept"), offered);
    if (!accepted) {
        co_return problem_response(
            "not-acceptable",
            *call,
            {"The events are answered as application/json or as text/event-stream.",
             "Os eventos são respondidos como application/json ou text/event-stream."}
        );
    }
    const auto people = call->flag("people");
    if (!people) co_return invalid_response(*call, {people.error()});
    if (*people) {
        if (call->principal.role != store::Role::admin) {
            co_return problem_response(
                "forbidden",
                *call,
                {"Only a key of the role admin may be shown what names people.",
                 "Só uma chave de administrador pode ver o que identifica pessoas."}
            );
        }
        const auto told = co_await commands::note_people_shown(
            &backend->log,
            {call->principal.tenant, call->principal.name, "feed"},
            backend->reads.clock(),
            &backend->new_id
        );
        if (!told) co_return problem_response(told.error(), call->language);
    }
    co_return co_await store::read(backend->reads.store, [&] {
        return feed_page(*backend, *call, *accepted, *people ? People::open : People::sealed);
    });
}

boost::asio::awaitable<net::Response> event_feed(Backend& backend, const Call& call) {
    return answer_feed(&backend, &call);
}

/// What commands ended with, as they are answered.
Result in_language(Language language, Result result) {
    if (!result) return result;
    if (result->body.contains("\"/problems/")) result->language = language;
    result->body = commands::states_in(language, std::move(result->body));
    return result;
}

Result command_status(Backend& backend, const Call& call) {
    return in_language(
        call.language,
        queries::command_status(
            backend.reads, call.principal.tenant, CommandId(call.captures.front())
        )
    );
}

Result list_commands(Backend& backend, const Call& call) {
    return in_language(
        call.language,
        queries::list_commands(
            backend.reads,
            call.principal.tenant,
            {call.parameter("state"), call.parameter("limit"), call.parameter("cursor")}
        )
    );
}

Result projections_status(Backend& backend, const Call&) {
    return queries::projections_status(backend.reads);
}

constexpr std::string_view command_states[] = {"running", "succeeded", "failed", "retryable"};

constexpr Parameter commands_parameters[] = {
    {"state",
     "running, succeeded, failed or retryable; unless told those that are unfinished: running and "
     "retryable",
     false,
     "string",
     command_states},
    limit,
    cursor,
};
/// Who is shown people needs a role.
constexpr std::string_view feed_problems[] = {"forbidden"};
constexpr Parameter feed_parameters[] = {
    {"from", "first position, up to the next of the log; 1 unless told", false, "integer"},
    {"category", "offer, product, command, webhook, order, payment, people, projection or process"},
    {"people",
     "true: what names people is shown instead of {\"sealed\": true}; for keys of the role admin, "
     "and told by PeopleShown",
     false,
     "boolean"},
    {"type", "event types, as a comma list or repeated", true},
    {"limit",
     "entries of a page, 1 to 1000; 50 unless told. Not with text/event-stream",
     false,
     "integer"},
};

const Route table[] = {
    {.name = "EventFeed",
     .method = "GET",
     .pattern = "/v1/events",
     .access = Access::reader,
     .help = "The tenant's events as CloudEvents, from a position on; with Accept: "
             "text/event-stream as they come, resumed by Last-Event-ID. What names people is "
             "{\"sealed\": "
             "true}, and {\"erased\": true} once they are erased.",
     .parameters = feed_parameters,
     .waiting_page = event_feed,
     .streams = true,
     .negotiates = true,
     .writes = true,
     .problems = feed_problems},
    {.name = "ListCommands",
     .method = "GET",
     .pattern = "/v1/commands",
     .access = Access::reader,
     .help = "The tenant's commands in a state, or those that are unfinished; the newest first, "
             "page by page.",
     .parameters = commands_parameters,
     .query = list_commands},
    {.name = "CommandStatus",
     .method = "GET",
     .pattern = "/v1/commands/{command_id}",
     .access = Access::reader,
     .help = "How far a command is, and its answer once it has one.",
     .query = command_status},
    {.name = "Projections",
     .method = "GET",
     .pattern = "/v1/projections",
     .access = Access::reader,
     .help = "How far each read model is.",
     .query = projections_status},
};

}  // namespace

RouteArea log_routes() {
    static constexpr char answers[] = {
#embed "answers/log.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
