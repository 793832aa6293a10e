#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/http/backend.hpp"
#include "api/http/metrics.hpp"
#include "api/http/openapi.hpp"
#include "api/http/pages.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"
#include "store/sqlite/sqlite_event_store.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::ordered_json;
using projections::State;

/// Events behind which a projection is no longer called ready.
constexpr std::uint64_t ready_lag = 10'000;
constexpr double ready_lag_seconds = 10;

net::Response healthz(Backend& backend, const Call&) {
    Json json;
    json["status"] = "alive";
    json["durability"] = "full";
    json["position"] = backend.reads.store.head();
    return json_response(json.dump());
}

net::Response readyz(Backend& backend, const Call&) {
    Json reasons = Json::array();
    Json warnings = Json::array();  // it can serve all the same
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
        if (status.state == State::building) say("is being built");
        if (status.state == State::stopped) {
            say("is stopped" + (status.stop ? ": " + status.stop->reason : std::string()));
        }
        if (status.lag > ready_lag && status.lag_seconds > ready_lag_seconds) {
            say("is " + std::to_string(status.lag) + " events behind");
        }
    }
    if (store::figures(backend.reads.store).disk_low) {
        reasons.push_back("the disk is nearly full: commands are refused");
    }
    Json json;
    json["status"] = reasons.empty() ? "ready" : "not ready";
    if (!reasons.empty()) json["reasons"] = reasons;
    if (!warnings.empty()) json["warnings"] = warnings;
    auto response = json_response(json.dump());
    if (!reasons.empty()) response.status = 503;
    return response;
}

/// What only the main loop may read.
struct MainLoopFigures {
    std::size_t commands_running = 0;
    std::vector<clubify::TenantCalls> clubify;
};

asio::awaitable<MainLoopFigures> main_loop_figures(Backend* backend) {
    co_return MainLoopFigures{backend->bus.running(), backend->clubify.calls()};
}

std::vector<prometheus::MetricFamily> clubify_figures(const std::vector<clubify::TenantCalls>& all
) {
    std::vector<Sample> breakers, opened, left, requests, repeated, shared, held;
    for (const auto& calls : all) {
        const std::pair<std::string, std::string> tenant{"tenant", calls.tenant.str()};
        const auto sample = [&](auto value) {
            return Sample{{tenant}, static_cast<double>(value)};
        };
        breakers.push_back(sample(static_cast<int>(calls.breaker)));
        opened.push_back(sample(calls.breaker_opened));
        if (calls.rate_left) left.push_back(sample(*calls.rate_left));
        requests.push_back(sample(calls.requests));
        repeated.push_back(sample(calls.repeated));
        shared.push_back(sample(calls.shared));
        const auto because = [&](const char* reason, std::uint64_t count) {
            held.push_back({{tenant, {"reason", reason}}, static_cast<double>(count)});
        };
        because("breaker", calls.held_by_breaker);
        because("rate_limit", calls.held_by_rate);
    }
    return {
        gauge_family(
            "vitrine_clubify_breaker",
            "Calls of the tenant pass (0), are held back (1), or one is tried (2).",
            std::move(breakers)
        ),
        counter_family(
            "vitrine_clubify_breaker_opened_total",
            "How often calls began to be held back.",
            std::move(opened)
        ),
        gauge_family(
            "vitrine_clubify_rate_limit_left",
            "Requests left of the rate limit that the platform announced.",
            std::move(left)
        ),
        counter_family(
            "vitrine_clubify_requests_total",
            "Requests to the platform, sign-ins left out.",
            std::move(requests)
        ),
        counter_family(
            "vitrine_clubify_repeated_total", "Those that repeated one.", std::move(repeated)
        ),
        counter_family(
            "vitrine_clubify_shared_total",
            "Calls answered by the request of an equal one.",
            std::move(shared)
        ),
        counter_family(
            "vitrine_clubify_held_total", "Calls held back or made to wait.", std::move(held)
        ),
    };
}

double oldest_unfinished(const queries::ReadSide& reads) {
    const auto unfinished = reads.store.journal().unfinished();
    if (unfinished.empty()) return 0;
    const std::chrono::duration<double> age = reads.clock() - unfinished.front().head.accepted_at;
    return std::max(age.count(), 0.0);
}

std::vector<prometheus::MetricFamily> present_figures(Backend& backend, std::size_t running) {
    const auto one = [](auto value) {
        return std::vector<Sample>{{{}, static_cast<double>(value)}};
    };
    const auto figures = store::figures(backend.reads.store);
    std::vector<Sample> positions, lags, seconds, stopped, parked;
    for (const auto& status : backend.reads.projections.status()) {
        const std::vector<std::pair<std::string, std::string>> labels{{"projection", status.name}};
        positions.push_back({labels, static_cast<double>(status.position)});
        lags.push_back({labels, static_cast<double>(status.lag)});
        seconds.push_back({labels, status.lag_seconds});
        stopped.push_back({labels, status.state == State::stopped ? 1.0 : 0.0});
        parked.push_back({labels, static_cast<double>(status.parked)});
    }
    return {
        backend.webhooks.collect(),
        gauge_family("vitrine_http_connections", "Open connections.", one(backend.connections())),
        gauge_family("vitrine_commands_running", "Commands under way.", one(running)),
        gauge_family(
            "vitrine_commands_oldest_seconds",
            "How long the oldest of them has been accepted; 0: there is none.",
            one(oldest_unfinished(backend.reads))
        ),
        gauge_family(
            "vitrine_log_position", "Position of the last event.", one(backend.reads.store.head())
        ),
        gauge_family("vitrine_log_queue", "Appends that wait for the writer.", one(figures.queued)),
        gauge_family(
            "vitrine_log_wal_bytes",
            "Written to the write-ahead log since its last checkpoint.",
            one(figures.wal_bytes)
        ),
        gauge_family(
            "vitrine_wal_bytes",
            "Size of the write-ahead log on the disk.",
            one(figures.wal_file_bytes)
        ),
        gauge_family("vitrine_log_disk_low", "1: new commands are refused.", one(figures.disk_low)),
        counter_family("vitrine_log_appends_total", "Appends written.", one(figures.appends)),
        counter_family("vitrine_log_events_total", "Events written.", one(figures.events)),
        counter_family(
            "vitrine_log_commits_total", "Commits: one fsync each.", one(figures.commits)
        ),
        counter_family(
            "vitrine_log_conflicts_total", "Appends refused by version.", one(figures.conflicts)
        ),
        gauge_family(
            "vitrine_projection_position", "Events up to here are visible.", std::move(positions)
        ),
        gauge_family(
            "vitrine_projection_lag_events", "Events of the log after that.", std::move(lags)
        ),
        gauge_family(
            "vitrine_projection_lag_seconds", "Age of the first of them.", std::move(seconds)
        ),
        gauge_family(
            "vitrine_projection_stopped", "1: an event cannot be applied.", std::move(stopped)
        ),
        gauge_family(
            "vitrine_projection_parked",
            "Events that could not be applied, and those that wait for them.",
            std::move(parked)
        ),
    };
}

asio::awaitable<net::Response> metrics_of(Backend* backend) {
    const auto figures = co_await asio::co_spawn(
        backend->main_loop, main_loop_figures(backend), asio::use_awaitable
    );
    auto families = backend->metrics.collect();
    std::ranges::move(
        present_figures(*backend, figures.commands_running), std::back_inserter(families)
    );
    std::ranges::move(clubify_figures(figures.clubify), std::back_inserter(families));
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

net::Response docs(Backend&, const Call&) {
    static const auto page = docs_page();
    return html_response(page);
}

/// By ?lang=, else by what the browser prefers.
Language language_of(const Call& call) {
    if (const auto asked = call.parameter("lang"))
        return preferred_language(std::string_view(*asked));
    return preferred_language(call.request.headers.find("Accept-Language"));
}

net::Response in_language(std::string page) {
    auto response = html_response(std::move(page));
    response.headers.add("Vary", "Accept-Language");
    return response;
}

net::Response problems(Backend&, const Call& call) {
    return in_language(problems_page(language_of(call)));
}

net::Response problem(Backend&, const Call& call) {
    auto page = problem_page(call.captures.front(), language_of(call));
    if (page.empty()) return problem_response("not-found", call.path);
    return in_language(std::move(page));
}

constexpr Parameter language_parameters[] = {
    {"lang", "pt or en; what the browser prefers unless told"},
};

const Route table[] = {
    {.name = "Health",
     .method = "GET",
     .pattern = "/healthz",
     .help = "Is the process alive? With the log's durability and position.",
     .page = healthz},
    {.name = "Readiness",
     .method = "GET",
     .pattern = "/readyz",
     .help = "Can it serve? 503 with the reasons when not.",
     .page = readyz},
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
