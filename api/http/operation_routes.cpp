#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <iterator>
#include <nlohmann/json.hpp>

#include "api/http/backend.hpp"
#include "api/http/docs_page.hpp"
#include "api/http/metrics.hpp"
#include "api/http/openapi.hpp"
#include "api/http/pages.hpp"
#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"
#include "api/http/service_metrics.hpp"
#include "store/sqlite/sqlite_event_store.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::ordered_json;
using projections::State;

net::Response healthz(Backend& backend, const Call&) {
    Json json;
    json["status"] = "alive";
    json["durability"] = "full";
    json["position"] = backend.reads.store.head();
    return json_response(json.dump());
}

std::string build_text(const projections::Status& status) {
    if (!status.build) return {};
    const auto& build = *status.build;
    using Phase = projections::RebuildProgress::Phase;
    const auto* unit = build.phase == Phase::building ? "events" : "rows";
    return ": " + std::to_string(build.done) + " of " + std::to_string(build.total) + ' ' + unit;
}

/// Why commands are refused while everything else is answered.
std::vector<std::string> reasons_for_reading_only(const store::EventStore& store) {
    const auto log = store::figures(store);
    std::vector<std::string> reasons;
    if (!log.log_open) reasons.emplace_back("the log cannot be opened: commands are refused");
    if (log.disk_low) reasons.emplace_back("the disk is nearly full: commands are refused");
    if (log.log_locked)
        reasons.emplace_back("another process is writing to the log: commands are refused");
    return reasons;
}

net::Response readyz(Backend& backend, const Call&) {
    Json reasons = Json::array();
    Json warnings = Json::array();  // it can serve all the same
    const auto& limits = backend.options;
    const std::chrono::duration<double> ready_lag_time = limits.ready_lag_time;
    for (const auto& status : backend.reads.projections.status()) {
        const auto say = [&](const std::string& what) {
            reasons.push_back("projection " + status.name + " " + what);
        };
        if (status.parked > 0) {
            warnings.push_back(
                "projection " + status.name + " has parked " + std::to_string(status.parked) +
                " events"
            );
        }
        if (status.state == State::upgrading) {
            warnings.push_back(
                "projection " + status.name + " serves a former version while its own is built" +
                build_text(status)
            );
        }
        if (status.state == State::building) say("is being built" + build_text(status));
        if (status.state == State::stopped) {
            say("is stopped" + (status.stop ? ": " + status.stop->reason : std::string()));
        }
        if (status.lag > limits.ready_lag_events && status.lag_seconds > ready_lag_time.count()) {
            say("is " + std::to_string(status.lag) + " events behind");
        }
    }
    Json json;
    auto degraded = reasons_for_reading_only(backend.reads.store);
    const bool is_ready = reasons.empty();
    json["status"] = !is_ready ? "not ready" : degraded.empty() ? "ready" : "degraded";
    std::ranges::move(degraded, std::back_inserter(reasons));
    if (!reasons.empty()) json["reasons"] = reasons;
    if (!warnings.empty()) json["warnings"] = warnings;
    auto response = json_response(json.dump());
    if (!is_ready) response.status = 503;
    return response;
}

asio::awaitable<net::Response> metrics_of(Backend* backend) {
    auto families = backend->metrics.collect();
    auto present = co_await service_metrics(backend);
    std::ranges::move(present, std::back_inserter(families));
    net::Response response;
    response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics_text(families);
    co_return response;
}

asio::awaitable<net::Response> metrics(Backend& backend, const Call&) {
    return metrics_of(&backend);
}

net::Response openapi(Backend&, const Call&) {
    static const auto document = openapi_document(routes());
    return json_response(document);
}

/// Nothing but our own files, and nobody may frame it.
constexpr const char* docs_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

net::Response docs(Backend&, const Call&) {
    static const auto page = docs_page();
    net::Response response;
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    response.headers.add("Content-Security-Policy", docs_policy);
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.body = page;
    return response;
}

net::Response docs_file(Backend&, const Call& call) {
    const auto* file = find_docs_file(call.captures.front());
    if (file == nullptr) return problem_response("not-found", call);
    net::Response response;
    response.headers.add("Content-Type", std::string(file->content_type));
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Cache-Control", "no-cache");
    response.body = file->content;
    return response;
}

/// By ?lang=, else by what the browser prefers.
Language language_of(const Call& call) {
    if (const auto asked = call.parameter("lang"))
        return preferred_language(std::string_view(*asked));
    return call.language;
}

net::Response in_language(Language language, std::string page) {
    auto response = html_response(std::move(page));
    response.headers.append("Vary", "Accept-Language");
    response.headers.add("Content-Language", std::string(language_tag(language)));
    return response;
}

net::Response problems(Backend&, const Call& call) {
    const auto language = language_of(call);
    return in_language(language, problems_page(language));
}

net::Response problem(Backend&, const Call& call) {
    const auto language = language_of(call);
    auto page = problem_page(call.captures.front(), language);
    if (page.empty()) return problem_response("not-found", call);
    return in_language(language, std::move(page));
}

/// For whoever opens the service's address: where to go.
net::Response root(Backend&, const Call& call) {
    constexpr std::string_view offered[] = {"text/html", "application/json"};
    const auto accepted = best_accepted(call.request.headers.list("Accept"), offered);
    auto response = accepted == "application/json"
                        ? json_response(root_document())
                        : in_language(call.language, root_page(call.language));
    response.headers.append("Vary", "Accept");
    return response;
}

constexpr std::string_view root_contents[] = {"application/json"};

constexpr Parameter language_parameters[] = {
    {"lang", "pt or en; what the browser prefers unless told"},
};

constexpr std::string_view style_content[] = {"text/css"};

const Route table[] = {
    {.name = "Root",
     .method = "GET",
     .pattern = "/",
     .help = "Where to go: the console, the reference and the rest, as a page or as JSON.",
     .page = root,
     .content = "text/html",
     .other_contents = root_contents},
    {.name = "Health",
     .method = "GET",
     .pattern = "/healthz",
     .help = "Is the process alive? With the log's durability and position.",
     .page = healthz},
    {.name = "Readiness",
     .method = "GET",
     .pattern = "/readyz",
     .help =
         "Can it serve? 503 with the reasons when not; 200 and degraded, with the reasons, while "
         "only commands are refused.",
     .page = readyz,
     .tells_unready = true},
    {.name = "Metrics",
     .method = "GET",
     .pattern = "/metrics",
     .help = "Figures for Prometheus.",
     .waiting_page = metrics,
     .content = "text/plain"},
    {.name = "OpenApi",
     .method = "GET",
     .pattern = "/openapi.json",
     .help = "This interface as an OpenAPI 3.1 document.",
     .page = openapi},
    {.name = "Docs",
     .method = "GET",
     .pattern = "/docs",
     .help = "This interface as a page for people.",
     .page = docs,
     .content = "text/html"},
    {.name = "DocsFile",
     .method = "GET",
     .pattern = "/docs/{page_file}",
     .help = "A file of that page.",
     .page = docs_file,
     .content = "text/javascript",
     .other_contents = style_content},
    {.name = "Problems",
     .method = "GET",
     .pattern = "/problems",
     .help = "Every kind of problem.",
     .parameters = language_parameters,
     .page = problems,
     .content = "text/html"},
    {.name = "Problem",
     .method = "GET",
     .pattern = "/problems/{name}",
     .help = "What a problem means and what to do about it.",
     .parameters = language_parameters,
     .page = problem,
     .content = "text/html"},
};

}  // namespace

std::span<const Route> operation_routes() {
    return table;
}

}  // namespace vitrine::api
