#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/control/catalogue_report.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

asio::awaitable<net::Response> adopt(Backend* backend, const Call* call) {
    const auto dry_run = call->flag("dry_run");
    if (!dry_run) co_return invalid_response(*call, {dry_run.error()});
    commands::AdoptionRequest request;
    request.tenant = call->principal.tenant;
    request.principal = call->principal.name;
    request.correlation_id = CorrelationId(call->correlation_id);
    request.traceparent = call->traceparent;
    request.dry_run = *dry_run;
    auto work = backend->catalogue.adopt(std::move(request), [](const auto&) {});
    auto report = co_await asio::co_spawn(backend->main_loop, std::move(work), asio::use_awaitable);
    if (report) co_return json_response(to_json(*report).dump());
    report.error().instance = call->path;
    co_return problem_response(report.error(), call->language);
}

asio::awaitable<net::Response> adopt_catalogue(Backend& backend, const Call& call) {
    return adopt(&backend, &call);
}

constexpr Parameter parameters[] = {
    {"dry_run", "true: says what would be adopted, does nothing", false, "boolean"},
};

const Route table[] = {
    {.name = "AdoptCatalogue",
     .method = "POST",
     .pattern = "/v1/adoptions",
     .access = Access::command,
     .help = "Records the products and offers that the tenant has on Clubify and Vitrine does not "
             "know yet. Nothing there is changed; asked again it goes on where it stopped.",
     .parameters = parameters,
     .waiting_page = adopt_catalogue},
};

}  // namespace

std::span<const Route> adoption_routes() {
    return table;
}

}  // namespace vitrine::api
