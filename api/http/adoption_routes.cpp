#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/control/adoption_report.hpp"
#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

asio::awaitable<net::Response> adopt(Backend* backend, const Call* call) {
    const auto dry_run = call->flag("dry_run");
    if (!dry_run) co_return invalid_response(*call, {dry_run.error()});
    const auto only = commands::adoption_kinds(call->parameter("only").value_or(""));
    if (!only) co_return invalid_response(*call, {{"/only", "unknown", only.error()}});
    commands::AdoptionRequest request;
    request.tenant = call->principal.tenant;
    request.principal = call->principal.name;
    request.correlation_id = CorrelationId(call->correlation_id);
    request.traceparent = call->traceparent;
    request.dry_run = *dry_run;
    request.only = *only;
    auto work = backend->adoption.adopt(std::move(request), [](const auto&) {});
    auto report = co_await asio::co_spawn(backend->main_loop, std::move(work), asio::use_awaitable);
    if (report) {
        auto response = json_response(to_json(*report, call->language).dump());
        const bool has_words = std::ranges::any_of(report->items, [](const auto& item) {
            return !item.fault.empty();
        });
        if (has_words) name_language(response, call->language);
        co_return response;
    }
    report.error().instance = call->path;
    co_return problem_response(report.error(), call->language);
}

asio::awaitable<net::Response> adopt_all(Backend& backend, const Call& call) {
    return adopt(&backend, &call);
}

constexpr Parameter parameters[] = {
    {"dry_run", "true: says what would be adopted, does nothing", false, "boolean"},
    {"only", "a list of products, offers, customers, orders; all unless told"},
};

// What cannot be written of one entity stands in the report.
constexpr std::string_view problems[] = {"command-in-flight"};

const Route table[] = {
    {.name = "AdoptCatalogue",
     .method = "POST",
     .pattern = "/v1/adoptions",
     .access = Access::command,
     .help =
         "Records the products, offers, customers and orders that the tenant has on Clubify and "
         "Vitrine does not know yet. Nothing there is changed; asked again it goes on where it "
         "stopped.",
     .parameters = parameters,
     .waiting_page = adopt_all,
     .calls_clubify = true,
     .problems = problems},
};

}  // namespace

RouteArea adoption_routes() {
    static constexpr char answers[] = {
#embed "answers/adoption.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
