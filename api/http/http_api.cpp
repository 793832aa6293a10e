#include "api/http/http_api.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/http/areas.hpp"
#include "api/http/command_request.hpp"
#include "api/http/compression.hpp"
#include "api/http/conditional.hpp"
#include "api/http/cross_origin.hpp"
#include "api/http/log_answer.hpp"
#include "api/http/metrics.hpp"
#include "api/http/query_body.hpp"
#include "api/http/request_headers.hpp"
#include "api/http/respond.hpp"
#include "api/log/log.hpp"
#include "commands/json.hpp"
#include "core/nearest.hpp"
#include "queries/at_least.hpp"
#include "queries/moment.hpp"
#include "queries/settled_moment.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_correlation_id = 200;
constexpr std::chrono::seconds read_model_patience{2};

bool may(store::Role role, Access access) {
    if (access == Access::admin) return role == store::Role::admin;
    return access != Access::command || role != store::Role::reader;
}

Term words_of(store::Role role) {
    switch (role) {
        case store::Role::reader:
            return {"reader", "reader (leitor)"};
        case store::Role::operator_:
            return {"operator", "operator (operador)"};
        case store::Role::admin:
            return {"admin", "admin (administrador)"};
    }
    return {};
}

/// The least role that would do, and the one that the key has.
Phrase missing_role(store::Role role, Access access) {
    const auto least = access == Access::admin ? store::Role::admin : store::Role::operator_;
    return phrase(
        "This route needs a key of the role {}; the role of this key is {}.",
        "Esta rota exige uma chave com o papel {}; o papel desta chave é {}.",
        words_of(least),
        words_of(role)
    );
}

Phrase unknown_parameter(const Call& call, std::string_view name) {
    std::vector<std::string> known;
    for (const auto& each : call.route->parameters) known.emplace_back(each.name);
    if (!call.route->models.empty()) known.emplace_back("at_least");
    return Phrase("is not a parameter of this route", "não é um parâmetro desta rota") +
           meant_phrase(name, known);
}

/// Every parameter that the route does not know, or that came twice.
std::vector<Fault> parameter_faults(const Call& call) {
    std::vector<Fault> faults;
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : call.query) {
        const auto known = std::ranges::find(call.route->parameters, name, &Parameter::name);
        const bool found = known != call.route->parameters.end();
        if (!found && !(name == "at_least" && !call.route->models.empty())) {
            faults.push_back({"/" + name, "unknown_parameter", unknown_parameter(call, name)});
        } else if (std::ranges::find(seen, name) != seen.end() && !(found && known->repeatable)) {
            faults.push_back(
                {"/" + name, "repeated", {"is given more than once", "aparece mais de uma vez"}}
            );
        }
        seen.push_back(name);
    }
    return faults;
}

/// Of RFC 9110 §9.3 and RFC 5789: a path that does not take one of them says which it takes.
constexpr std::string_view known_methods[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"
};

bool is_continue(std::string_view expectation) {
    return std::ranges::equal(expectation, std::string_view("100-continue"), [](char a, char b) {
        return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
    });
}

/// What the request asks of its answer and of how it is read; the response that refuses it.
std::optional<net::Response> take_conditions(Call& call) {
    const auto& headers = call.request.headers;
    if (!is_plain_content(headers)) return problem_response("unsupported-content-encoding", call);
    if (const auto expected = headers.list("Expect"); expected && !is_continue(*expected)) {
        return problem_response("expectation-failed", call);
    }
    if (const auto codings = accepted_codings(headers); !codings.identity && !codings.gzip) {
        return problem_response(
            "not-acceptable",
            call,
            {"The answer is sent as gzip or as it is (identity), and Accept-Encoding takes "
             "neither.",
             "A resposta é enviada como gzip ou como está (identity), e Accept-Encoding não aceita "
             "nenhuma das duas."}
        );
    }
    auto conditions = read_conditions(headers);
    if (!conditions) {
        return problem_response(
            "malformed-request",
            call,
            {"If-Match and If-None-Match are lists of tags in quotes, as ETag gives them, or *.",
             "If-Match e If-None-Match são listas de tags entre aspas, como ETag as dá, ou *."}
        );
    }
    call.conditions = *std::move(conditions);
    return std::nullopt;
}

/// Whatever follows a body that is needed and not announced may be that body, not a request.
std::optional<net::Response> unannounced_body(const Call& call) {
    const auto& headers = call.request.headers;
    if (!call.route->needs_body || headers.find("Content-Length") ||
        headers.find("Transfer-Encoding")) {
        return std::nullopt;
    }
    auto response = problem_response("length-required", call);
    response.close = true;
    return response;
}

/// What a route that takes no body is given in one would be passed over unread: a parameter that
/// was meant, such as dry_run.
std::optional<net::Response> unread_body(const Call& call) {
    const auto& request = call.request;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads || request.body.empty() || call.route->command) return std::nullopt;
    const auto body = json_body(call);
    if (!body) return body.error();
    std::vector<Fault> faults;
    for (const auto& member : body->items()) {
        const auto known =
            std::ranges::find(call.route->parameters, member.key(), &Parameter::name);
        const bool is_parameter = known != call.route->parameters.end();
        faults.push_back(
            {"/" + member.key(),
             "unknown_member",
             is_parameter ? phrase(
                                "is a parameter of the URL: ?{}=",
                                "é um parâmetro da URL: ?{}=",
                                member.key()
                            )
                          : Phrase(
                                "is not taken: this route has no body",
                                "não é aceito: esta rota não tem corpo"
                            )}
        );
    }
    if (faults.empty()) return std::nullopt;
    return invalid_response(call, std::move(faults));
}

net::Response respond(queries::Result result, const Call& call) {
    return result ? answer_response(*std::move(result), call)
                  : error_response(std::move(result).error(), call);
}

/// All within one time.
asio::awaitable<std::optional<queries::QueryError>> wait_for_models(
    const queries::ReadSide* reads, std::span<const char* const> models, Position position
) {
    const auto end = std::chrono::steady_clock::now() + read_model_patience;
    for (const auto* model : models) {
        auto error = co_await queries::wait_for_position(*reads, model, position, end);
        if (error) co_return error;
    }
    co_return std::nullopt;
}

bool asks_of_past(const Call& call) {
    return call.parameter("as_of") || call.parameter("as_of_version");
}

/// Where reads may block.
queries::AsOf read_as_of(const queries::ReadSide& reads, const Call& call) {
    const auto as_of = call.parameter("as_of");
    const auto version = call.parameter("as_of_version");
    if (as_of && version) {
        return std::unexpected(queries::invalid(
            {{"/as_of",
              "conflict",
              {"cannot be given together with as_of_version",
               "não pode ser usado junto com as_of_version"}}}
        ));
    }
    if (as_of) return queries::read_moment(reads, *as_of);
    const OfferId offer(call.captures.front());
    return queries::read_moment_of_version(reads, call.principal.tenant, offer, *version);
}

}  // namespace

HttpApi::HttpApi(Backend backend) : backend_(std::move(backend)), router_(routes()) {
    if (backend_.options.key_limit)
        key_limits_ = std::make_unique<KeyLimits>(*backend_.options.key_limit);
}

asio::awaitable<net::Response> HttpApi::handle(net::Request request) {
    const auto started = std::chrono::steady_clock::now();
    Call call(request);
    take_correlation(call);
    net::Response response;
    try {
        if (auto refused = admit(call)) {
            response = *std::move(refused);
        } else if (call.route->page) {
            response = call.route->page(backend_, call);
        } else {
            if (const auto as_of = call.parameter("as_of"))
                co_await queries::wait_until_settled(&backend_.reads, *as_of);
            if (asks_of_past(call)) {
                call.as_of = co_await store::read(backend_.reads.store, [&] {
                    return read_as_of(backend_.reads, call);
                });
            }
            if (call.route->query && !call.as_of && !call.parameter("at_least")) {
                response = respond(co_await asked(&call), call);
            } else {
                response = co_await wait_and_answer(&call);
            }
        }
    } catch (const std::exception& error) {
        response = failed(call, error.what());
    }
    finish(call, response, started);
    co_return response;
}

/// Only whoever has the whole key is told; to anyone else it is no key.
Phrase HttpApi::expiry_text(const std::optional<std::string_view>& key) const {
    const auto expired = key ? backend_.keys.expired_at(*key) : std::nullopt;
    if (!expired) return {};
    return phrase(
        "The API key expired at {}.", "A chave de API expirou em {}.", format_time(*expired)
    );
}

net::Response HttpApi::refuse(net::Refusal refusal, const net::Request& request) {
    Call call(request);
    take_correlation(call);
    auto response = refusal_response(refusal, request);
    finish(call, response, std::chrono::steady_clock::now());
    return response;
}

/// One that will not do is refused later, where a route takes one.
void HttpApi::take_correlation(Call& call) const {
    const auto given = call.request.headers.find("X-Correlation-Id");
    call.correlation_given = given && is_token_text(*given, longest_correlation_id);
    call.correlation_id = call.correlation_given ? std::string(*given) : backend_.new_id();
}

/// Route, key, role and parameters; the response that refuses one of them.
std::optional<net::Response> HttpApi::admit(Call& call) const {
    const auto& request = call.request;
    if (std::ranges::find(known_methods, request.method) == std::end(known_methods))
        return problem_response("not-implemented", call);
    if (request.target.find_first_of("%?#") != std::string::npos) {
        auto target = net::parse_target(request.target);
        if (!target)
            return problem_response(
                "malformed-request",
                call,
                {"The request target is not well formed.", "O alvo da requisição não é bem formado."
                }
            );
        call.query = std::move(target->query);
    }
    if (request.target == "*") {
        return options_response(
            backend_.options.cors_origins, request, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        );
    }
    auto found = router_.find(request.method, call.path);
    if (!found.route) {
        if (found.allow.empty())
            return problem_response(
                "not-found",
                call,
                {"There is no such path; /docs has those there are.",
                 "Este caminho não existe; /docs mostra os que existem."}
            );
        if (request.method == "OPTIONS") {
            return options_response(backend_.options.cors_origins, request, std::move(found.allow));
        }
        auto response = problem_response(
            "method-not-allowed",
            call,
            phrase("The path takes {}.", "O caminho aceita {}.", found.allow)
        );
        response.headers.add("Allow", std::move(found.allow));
        return response;
    }
    call.route = found.route;
    call.captures = std::move(found.captures);
    if (call.route->access == Access::open) {
        if (auto refused = take_conditions(call)) return refused;
        if (auto refused = unannounced_body(call)) return refused;
        return unmet_condition(call);
    }

    const auto key = bearer_key(request.headers);
    auto principal = key ? backend_.keys.authenticate(*key) : std::nullopt;
    if (!principal) return problem_response("unauthorized", call, expiry_text(key));
    call.principal = *std::move(principal);
    if (!may(call.principal.role, call.route->access))
        return problem_response(
            "forbidden", call, missing_role(call.principal.role, call.route->access)
        );
    if (auto refused = count_request(call)) return refused;
    if (auto refused = take_headers(call)) return refused;
    if (auto refused = take_conditions(call)) return refused;
    if (auto faults = parameter_faults(call); !faults.empty())
        return invalid_response(call, std::move(faults));
    if (auto refused = unannounced_body(call)) return refused;
    const bool is_asked_by_body = !call.route->body_schema.empty();
    if (auto refused = is_asked_by_body ? take_query_body(call) : unread_body(call)) return refused;
    return call.route->heeds_conditions ? std::nullopt : unmet_condition(call);
}

/// Against the key's limit. The response that refuses one beyond it.
std::optional<net::Response> HttpApi::count_request(Call& call) const {
    if (!key_limits_) return std::nullopt;
    call.key_use = key_limits_->take(call.principal.name, std::chrono::steady_clock::now());
    if (call.key_use->allowed) return std::nullopt;
    auto response = problem_response("rate-limited", call);
    response.headers.add("Retry-After", std::to_string(call.key_use->reset.count()));
    return response;
}

std::optional<net::Response> HttpApi::take_headers(Call& call) const {
    const auto& headers = call.request.headers;
    for (const auto* name : {"Content-Type", "X-Correlation-Id"}) {
        if (headers.count(name) > 1) {
            return problem_response(
                "malformed-request",
                call,
                phrase("{} is given more than once.", "{} aparece mais de uma vez.", name)
            );
        }
    }
    if (!call.correlation_given && headers.find("X-Correlation-Id")) {
        return problem_response(
            "malformed-request",
            call,
            {"X-Correlation-Id is 1 to 200 visible ASCII characters.",
             "X-Correlation-Id tem de 1 a 200 caracteres ASCII visíveis."}
        );
    }
    const auto trace = headers.find("traceparent");
    if (trace && is_traceparent(*trace)) call.traceparent = *trace;
    return std::nullopt;
}

asio::awaitable<net::Response> HttpApi::wait_and_answer(Call* call) {
    if (call->route->command) co_return co_await command(call);
    if (call->route->waiting_page) co_return co_await call->route->waiting_page(backend_, *call);
    if (const auto at_least = call->parameter("at_least")) {
        const auto position = co_await store::read(backend_.reads.store, [&] {
            return queries::read_at_least(backend_.reads, *at_least);
        });
        if (!position) co_return error_response(position.error(), *call);
        const auto& route = *call->route;
        auto error = co_await wait_for_models(&backend_.reads, route.models, *position);
        if (!error && route.wants_more && route.wants_more(*call))
            error = co_await wait_for_models(&backend_.reads, route.more_models, *position);
        if (error) co_return error_response(*std::move(error), *call);
    }
    if (const auto& as_of = call->as_of; as_of && *as_of) {
        auto error =
            co_await wait_for_models(&backend_.reads, call->route->past_models, (*as_of)->position);
        if (error) co_return error_response(*std::move(error), *call);
    }
    if (call->route->query) co_return respond(co_await asked(call), *call);
    co_return respond(co_await call->route->waiting_query(backend_, *call), *call);
}

/// Queries read the log, some of them: where that may block.
asio::awaitable<queries::Result> HttpApi::asked(const Call* call) {
    return store::read(backend_.reads.store, [this, call] {
        return call->route->query(backend_, *call);
    });
}

asio::awaitable<net::Response> HttpApi::command(Call* call) {
    auto request = co_await store::read(backend_.reads.store, [this, call] {
        return command_request(*call, [this](const Call& asked, const VersionTag& tag) {
            return was_told(backend_, asked, tag);
        });
    });
    if (!request) co_return std::move(request).error();
    const bool asked_dry = request->dry_run;
    const asio::any_io_executor here = co_await asio::this_coro::executor;
    auto work = backend_.bus.handle(*std::move(request));
    commands::CommandReply reply;
    if (here == backend_.main_loop) {
        reply = co_await std::move(work);
    } else {
        reply = co_await asio::co_spawn(backend_.main_loop, std::move(work), asio::use_awaitable);
    }
    call->command_id = reply.command_id;
    if (reply.status < 300 && reply.status != 202 && !asked_dry)
        co_await complete(&backend_, call, &reply);
    co_return reply_response(std::move(reply), *call);
}

net::Response HttpApi::failed(const Call& call, std::string_view reason) const {
    log::error(
        "request failed",
        {{"correlation_id", call.correlation_id},
         {"method", call.request.method},
         {"path", call.path},
         {"reason", reason}}
    );
    return problem_response(
        "internal-error",
        call,
        phrase(
            "The log has more under correlation id {}.",
            "O log tem mais detalhes sob o id de correlação {}.",
            call.correlation_id
        )
    );
}

void HttpApi::finish(
    const Call& call, net::Response& response, std::chrono::steady_clock::time_point started
) {
    if (!response.headers.find("X-Correlation-Id"))
        response.headers.add("X-Correlation-Id", call.correlation_id);
    if (!call.traceparent.empty())
        response.headers.add("traceparent", std::string(call.traceparent));
    if (call.key_use) {
        const auto& limit = key_limits_->limit();
        response.headers.add("RateLimit-Limit", std::to_string(limit.requests));
        response.headers.add("RateLimit-Remaining", std::to_string(call.key_use->remaining));
        response.headers.add("RateLimit-Reset", std::to_string(call.key_use->reset.count()));
    }
    if (call.route != nullptr && call.route->negotiates) response.headers.append("Vary", "Accept");
    allow_origin(backend_.options.cors_origins, call.request, response);
    choose_coding(call.request, response);
    heed_conditions(call, response);
    const auto took = std::chrono::steady_clock::now() - started;
    backend_.metrics.count(call.route, response.status, took);
    log_answer(call, response, took);
    encode(response);
}

}  // namespace vitrine::api
