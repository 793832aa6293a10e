#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/control/parked.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"
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

Waiting release(Backend* backend, const Call* call, Release::Kind kind) {
    const auto& name = call->captures.front();
    if (projections::find_projection(name) == nullptr) {
        co_return problem_response(
            "not-found",
            *call,
            phrase("There is no read model {}.", "Não existe a visão de leitura {}.", name)
        );
    }
    Release release;
    release.kind = kind;
    release.tenant = call->principal.tenant;
    release.stream = StreamName(call->captures.back());
    release.reason = call->parameter("reason").value_or("");
    release.actor = call->principal.name;
    release.correlation_id = call->correlation_id;
    // By the main loop, as commands are: a wait resumes on a loop that one thread runs.
    const auto report = co_await boost::asio::co_spawn(
        backend->main_loop,
        backend->reads.projections.release(name, std::move(release)),
        boost::asio::use_awaitable
    );
    if (!report)
        co_return problem_response("not-found", *call, Phrase::as_is(report.error() + "."));
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
     .waiting_page = retry},
    {.name = "DismissParkedStream",
     .method = "POST",
     .pattern = "/v1/projections/{name}/parked/{stream}/dismiss",
     .access = Access::admin,
     .help = "Gives up a stream's first parked event for good and applies what waited for it.",
     .parameters = dismiss_parameters,
     .waiting_page = dismiss},
};

}  // namespace

std::span<const Route> parked_routes() {
    return table;
}

}  // namespace vitrine::api
