#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <iterator>
#include <nlohmann/json.hpp>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/docs_page.hpp"
#include "api/http/metrics.hpp"
#include "api/http/openapi.hpp"
#include "api/http/pages.hpp"
#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "api/http/service_metrics.hpp"
#include "store/open_store.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::ordered_json;
using projections::State;

asio::awaitable<net::Response> healthz(Backend& backend, const Call&) {
    return store::read(backend.reads.store, [&backend] {
        Json json;
        json["status"] = "alive";
        json["durability"] = "full";
        json["position"] = backend.reads.store.head();
        if (backend.options.test_clock) json["clock"] = "test";
        return json_response(json.dump());
    });
}

Phrase build_text(const projections::Status& status) {
    if (!status.build) return {};
    const auto& build = *status.build;
    using Phase = projections::RebuildProgress::Phase;
    const Term unit =
        build.phase == Phase::building ? Term{"events", "eventos"} : Term{"rows", "linhas"};
    return phrase(": {} of {} {}", ": {} de {} {}", build.done, build.total, unit);
}

/// Why commands are refused while everything else is answered.
std::vector<Phrase> reasons_for_reading_only(const store::EventStore& store) {
    const auto log = store.figures();
    std::vector<Phrase> reasons;
    const auto say = [&reasons](const Term& why) {
        reasons.push_back(phrase("{}: commands are refused", "{}: os comandos são recusados", why));
    };
    if (!log.log_open) say({"the log cannot be opened", "o registro não pode ser aberto"});
    if (log.disk_low) say({"the disk is nearly full", "o disco está quase cheio"});
    if (log.log_locked)
        say({"another process is writing to the log", "outro processo está gravando no registro"});
    return reasons;
}

/// Why a read model keeps the service from serving.
std::vector<Phrase> reasons_of(const projections::Status& status, const HttpOptions& limits) {
    const std::chrono::duration<double> ready_lag_time = limits.ready_lag_time;
    std::vector<Phrase> reasons;
    const auto say = [&](const Phrase& what) {
        reasons.push_back(phrase("projection {} {}", "a projeção {} {}", status.name, what));
    };
    if (status.state == State::building)
        say(Phrase("is being built", "está sendo montada") + build_text(status));
    if (status.state == State::stopped) {
        const auto why = status.stop ? ": " + status.stop->reason : std::string();
        say(Phrase("is stopped", "está parada") + Phrase::as_is(why));
    }
    if (status.lag > limits.ready_lag_events && status.lag_seconds > ready_lag_time.count())
        say(phrase("is {} events behind", "está {} eventos atrás", status.lag));
    return reasons;
}

/// What is amiss with one that serves all the same.
std::vector<Phrase> warnings_of(const projections::Status& status) {
    std::vector<Phrase> warnings;
    if (status.parked > 0)
        warnings.push_back(phrase(
            "projection {} has parked {} events",
            "a projeção {} reteve {} eventos",
            status.name,
            status.parked
        ));
    if (status.state == State::upgrading)
        warnings.push_back(
            phrase(
                "projection {} serves a former version while its own is built",
                "a projeção {} atende com uma versão anterior enquanto a sua é montada",
                status.name
            ) +
            build_text(status)
        );
    return warnings;
}

void append_to(std::vector<Phrase>& all, std::vector<Phrase> more) {
    std::ranges::move(more, std::back_inserter(all));
}

net::Response readiness(Backend& backend, const Call& call) {
    std::vector<Phrase> reasons, warnings;
    for (const auto& status : backend.reads.projections.status()) {
        append_to(reasons, reasons_of(status, backend.options));
        append_to(warnings, warnings_of(status));
    }
    auto degraded = reasons_for_reading_only(backend.reads.store);
    const bool is_ready = reasons.empty();
    Json json;
    json["status"] = !is_ready ? "not ready" : degraded.empty() ? "ready" : "degraded";
    append_to(reasons, std::move(degraded));
    const auto tell = [&](const char* member, const std::vector<Phrase>& all) {
        for (const auto& each : all) json[member].push_back(each.in(call.language));
    };
    tell("reasons", reasons);
    tell("warnings", warnings);
    auto response = json_response(json.dump());
    if (!is_ready) response.status = 503;
    name_language(response, call.language);
    return response;
}

asio::awaitable<net::Response> readyz(Backend& backend, const Call& call) {
    return store::read(backend.reads.store, [&] { return readiness(backend, call); });
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
    name_language(response, language);
    return response;
}

net::Response docs(Backend&, const Call& call) {
    static const std::string pages[] = {
        docs_page(Language::english), docs_page(Language::portuguese)
    };
    const auto language = language_of(call);
    auto response = in_language(language, pages[language == Language::portuguese ? 1 : 0]);
    response.headers.set("Content-Security-Policy", docs_policy);
    response.headers.add("X-Content-Type-Options", "nosniff");
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
    return accepted == "application/json" ? json_response(root_document())
                                          : in_language(call.language, root_page(call.language));
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
     .other_contents = root_contents,
     .negotiates = true},
    {.name = "Health",
     .method = "GET",
     .pattern = "/healthz",
     .help = "Is the process alive? With the log's durability and position.",
     .waiting_page = healthz},
    {.name = "Readiness",
     .method = "GET",
     .pattern = "/readyz",
     .help =
         "Can it serve? 503 with the reasons when not; 200 and degraded, with the reasons, while "
         "only commands are refused.",
     .waiting_page = readyz,
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
     .parameters = language_parameters,
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

RouteArea operation_routes() {
    static constexpr char answers[] = {
#embed "answers/operations.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
