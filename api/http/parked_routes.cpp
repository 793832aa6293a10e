#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/control/parked.hpp"
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/conditional.hpp"
#include "api/http/respond.hpp"
#include "commands/problem_of.hpp"
#include "queries/parked_events.hpp"

namespace vitrine::api {
namespace {

using projections::Release;
using Waiting = boost::asio::awaitable<net::Response>;

queries::Result parked_events(Backend& backend, const Call& call) {
    const auto all = call.flag("all");
    if (!all) return std::unexpected(queries::invalid({all.error()}));
    return queries::parked_events(
        backend.reads, call.principal.tenant, call.captures.front(), *all
    );
}

net::Response refused(const projections::ReleaseError& error, const Call& call) {
    if (!error.not_stored)
        return problem_response("not-found", call, error.why + Phrase::as_is("."));
    auto problem = commands::problem_of(*error.not_stored);
    problem.instance = call.path;
    return problem_response(problem, call.language);
}

bool is_parked(
    Backend& backend,
    const TenantId& tenant,
    const std::string& projection,
    const StreamName& stream
) {
    const auto parked = backend.reads.projections.parked(projection, tenant);
    return std::ranges::any_of(parked, [&stream](const projections::ParkedEvent& event) {
        return event.stream == stream && event.state != projections::ParkedState::dismissed;
    });
}

Waiting release(Backend* backend, const Call* call, Release::Kind kind) {
    const auto& name = call->captures.front();
    if (projections::find_projection(name) == nullptr) {
        co_return problem_response(
            "not-found",
            *call,
            phrase("There is no read model {}.", "Não existe a visão de leitura {}.", name)
        );
    }
    const StreamName stream(call->captures.back());
    // A condition is looked at only where there is something: RFC 9110 §13.2.1.
    if (call->conditions.match && !is_parked(*backend, call->principal.tenant, name, stream)) {
        co_return problem_response(
            "not-found",
            *call,
            {"Nothing is parked of this stream.", "Nada está retido deste fluxo."}
        );
    }
    if (auto unmet = unmet_condition(*call)) co_return *std::move(unmet);
    Release release;
    release.kind = kind;
    release.tenant = call->principal.tenant;
    release.stream = stream;
    release.reason = call->parameter("reason").value_or("");
    release.actor = call->principal.name;
    release.correlation_id = call->correlation_id;
    // By the main loop, as commands are: a wait resumes on a loop that one thread runs.
    const auto report = co_await boost::asio::co_spawn(
        backend->main_loop,
        backend->reads.projections.release(name, std::move(release)),
        boost::asio::use_awaitable
    );
    if (!report) co_return refused(report.error(), *call);
    auto response = json_response(to_json(*report).dump());
    response.headers.add("X-Vitrine-Position", std::to_string(report->position));
    co_return response;
}

Waiting retry(Backend& backend, const Call& call) {
    return release(&backend, &call, Release::Kind::retry);
}

Waiting refuse(net::Response response) {
    co_return response;
}

Waiting dismiss(Backend& backend, const Call& call) {
    const auto all = call.flag("all");
    if (!all) return refuse(invalid_response(call, {all.error()}));
    return release(&backend, &call, *all ? Release::Kind::dismiss_all : Release::Kind::dismiss);
}

constexpr Parameter list_parameters[] = {
    {"all", "true: those that were dismissed too", false, "boolean"},
};

constexpr Parameter dismiss_parameters[] = {
    {"all",
     "true: gives up all that is parked of the stream, not only the first event",
     false,
     "boolean"},
    {"reason", "for the log"},
};

const Route table[] = {
    {.name = "ListParkedEvents",
     .method = "GET",
     .pattern = "/v1/projections/{name}/parked",
     .access = Access::reader,
     .help = "The tenant's events that a read model could not apply, and those that wait for them.",
     .parameters = list_parameters,
     .query = parked_events},
    {.name = "RetryParkedStream",
     .method = "POST",
     .pattern = "/v1/projections/{name}/parked/{stream}/retry",
     .access = Access::admin,
     .help = "Applies a stream's parked events, in order, as far as it goes.",
     .waiting_page = retry,
     .heeds_conditions = true,
     .writes = true},
    {.name = "DismissParkedStream",
     .method = "POST",
     .pattern = "/v1/projections/{name}/parked/{stream}/dismiss",
     .access = Access::admin,
     .help = "Gives up a stream's first parked event for good and applies what waited for it.",
     .parameters = dismiss_parameters,
     .waiting_page = dismiss,
     .heeds_conditions = true,
     .writes = true},
};

}  // namespace

RouteArea parked_routes() {
    static constexpr char answers[] = {
#embed "answers/parked.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
