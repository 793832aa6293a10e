// Where a tenant's events are sent: its webhook endpoints, and what is shown of their secrets.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/conditional.hpp"
#include "api/http/delivery_answers.hpp"
#include "api/http/query_parameters.hpp"
#include "api/http/respond.hpp"
#include "api/log/log.hpp"
#include "commands/endpoints/endpoint.hpp"
#include "deliveries/runner.hpp"
#include "deliveries/webhooks/endpoint_receiver.hpp"
#include "queries/listed.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

using nlohmann::ordered_json;
using Waiting = boost::asio::awaitable<net::Response>;

constexpr const char* endpoints = "endpoints";
constexpr Term none{"there is no such endpoint", "este endpoint não existe"};

queries::Result get_endpoint(Backend& backend, const Call& call) {
    return queries::get_listed(
        backend.reads, call.principal.tenant, endpoints, call.captures.front(), none, "deleted"
    );
}

queries::Result list_endpoints(Backend& backend, const Call& call) {
    if (auto faults = call.value_faults(); !faults.empty())
        return std::unexpected(queries::invalid(std::move(faults)));
    auto parameters = list_parameters(call);
    parameters.type = "endpoint";  // not those that are deleted
    return queries::list_listed(backend.reads, call.principal.tenant, endpoints, parameters);
}

/// The secret of that number, made if it is the newest and was never shown; null: it is kept no
/// more.
ordered_json secret_of(
    Backend& backend,
    const TenantId& tenant,
    const events::EndpointId& endpoint,
    std::int64_t number
) {
    auto text = backend.endpoint_secrets.find(tenant, endpoint, number);
    if (!text) {
        const auto state = commands::load_endpoint(backend.reads.store, tenant, endpoint);
        if (!state.deleted && state.secret_number == number)
            text = backend.endpoint_secrets.show({tenant, endpoint, number, {}});
    }
    return text ? ordered_json(*text) : ordered_json();
}

deliveries::ReceiverName name_of(const TenantId& tenant, const std::string& endpoint) {
    return {tenant, deliveries::webhook_kind, endpoint};
}

/// Only where it is not answered again: that would send everything once more.
boost::asio::awaitable<void> replay(
    Backend* backend, const TenantId* tenant, const ordered_json* answer
) {
    std::optional<Position> to;
    if (answer->contains("to")) to = answer->at("to").get<Position>();
    const auto name = name_of(*tenant, answer->at("endpoint_id").get<std::string>());
    const auto begun = co_await boost::asio::co_spawn(
        backend->main_loop,
        backend->deliveries.replay(name, answer->at("from").get<Position>(), to),
        boost::asio::use_awaitable
    );
    if (!begun) {
        log::warn(
            "a replay to an endpoint does not begin",
            {{"endpoint_id", name.id}, {"reason", begun.error().detail.english()}}
        );
    }
}

boost::asio::awaitable<void> complete_command(
    Backend* backend, const Call* call, commands::CommandReply* reply
) {
    const auto& tenant = call->principal.tenant;
    auto answer = ordered_json::parse(reply->body);
    const events::EndpointId endpoint(answer.at("endpoint_id").get<std::string>());
    if (answer.contains("from")) {
        if (!reply->replayed) co_await replay(backend, &tenant, &answer);
    } else if (answer.at("status") == "deleted") {
        backend->endpoint_secrets.forget(tenant, endpoint);
    } else if (const auto number = answer.find("secret_number"); number != answer.end()) {
        const auto wanted = number->get<std::int64_t>();
        answer["secret"] = co_await store::read(backend->reads.store, [&] {
            return secret_of(*backend, tenant, endpoint, wanted);
        });
        reply->body = answer.dump();
    }
}

/// It has the form of the others, and is no event of the log.
webhooks_out::Message test_message(Backend& backend, const deliveries::Endpoint& endpoint) {
    webhooks_out::Message message{backend.new_id(), "WebhookTest", {}};
    ordered_json event;
    event["specversion"] = "1.0";
    event["id"] = message.id;
    event["source"] = "/tenants/" + endpoint.tenant.str();
    event["type"] = message.type;
    event["subject"] = "endpoint-" + endpoint.id.str();
    event["time"] = format_time(backend.reads.clock());
    event["datacontenttype"] = "application/json";
    event["data"]["endpoint_id"] = endpoint.id.str();
    message.body = event.dump();
    return message;
}

std::string_view name_of(webhooks_out::Outcome::Kind kind) {
    using Kind = webhooks_out::Outcome::Kind;
    switch (kind) {
        case Kind::taken:
            return "taken";
        case Kind::gone:
            return "gone";
        case Kind::refused:
            return "refused";
        case Kind::not_sent:
            return "not_sent";
        case Kind::unknown:
            break;
    }
    return "unknown";
}

net::Response told(
    const webhooks_out::Outcome& outcome, const std::string& message_id, const Call& call
) {
    ordered_json answer;
    answer["webhook_id"] = message_id;
    answer["outcome"] = name_of(outcome.kind);
    answer["status"] = outcome.status == 0 ? ordered_json() : ordered_json(outcome.status);
    answer["took_ms"] = outcome.took.count();
    if (outcome.retry_after) answer["retry_after_seconds"] = outcome.retry_after->count();
    if (!outcome.detail.empty()) answer["detail"] = outcome.detail.in(call.language);
    auto response = json_response(answer.dump());
    if (!outcome.detail.empty()) name_language(response, call.language);
    return response;
}

net::Response not_there(const Call& call) {
    return problem_response(
        "not-found", call, {"There is no such endpoint.", "Este endpoint não existe."}
    );
}

Waiting test(Backend* backend, const Call* call) {
    const auto& tenant = call->principal.tenant;
    const auto endpoint = co_await store::read(backend->reads.store, [&] {
        return deliveries::load_endpoint(
            backend->reads.store, tenant, events::EndpointId(call->captures.front())
        );
    });
    if (!endpoint || endpoint->deleted) co_return not_there(*call);
    if (auto unmet = unmet_condition(*call)) co_return *std::move(unmet);
    const webhooks_out::Signing signing{
        backend->endpoint_secrets.signing(
            {tenant, endpoint->id, endpoint->secret_number, endpoint->secret_since},
            backend->reads.clock()
        ),
        endpoint->legacy_header
    };
    const auto message = test_message(*backend, *endpoint);
    if (signing.secrets.empty()) {
        co_return told(
            {.kind = webhooks_out::Outcome::Kind::not_sent, .detail = deliveries::no_secret},
            message.id,
            *call
        );
    }
    const auto outcome = co_await boost::asio::co_spawn(
        backend->main_loop,
        backend->webhook_sender.send(tenant, endpoint->url, message, signing),
        boost::asio::use_awaitable
    );
    co_return told(outcome, message.id, *call);
}

Waiting test_endpoint(Backend& backend, const Call& call) {
    return test(&backend, &call);
}

boost::asio::awaitable<bool> is_there(Backend* backend, const Call* call) {
    const auto endpoint = co_await store::read(backend->reads.store, [&] {
        return deliveries::load_endpoint(
            backend->reads.store, call->principal.tenant, events::EndpointId(call->captures.front())
        );
    });
    co_return endpoint && !endpoint->deleted;
}

deliveries::ReceiverName receiver_of(const Call& call) {
    return name_of(call.principal.tenant, call.captures.front());
}

boost::asio::awaitable<queries::Result> list_of_endpoint(Backend* backend, const Call* call) {
    if (!co_await is_there(backend, call)) co_return std::unexpected(queries::not_found(none));
    co_return list_deliveries(*backend, *call, receiver_of(*call));
}

boost::asio::awaitable<queries::Result> endpoint_deliveries(Backend& backend, const Call& call) {
    return list_of_endpoint(&backend, &call);
}

using Decision =
    Waiting (*)(Backend* backend, const Call* call, deliveries::ReceiverName name, EventId event);

Waiting decide(Backend* backend, const Call* call, Decision decision) {
    if (!co_await is_there(backend, call)) co_return not_there(*call);
    if (auto unmet = unmet_condition(*call)) co_return *std::move(unmet);
    co_return co_await decision(backend, call, receiver_of(*call), EventId(call->captures.back()));
}

Waiting retry(Backend& backend, const Call& call) {
    return decide(&backend, &call, retry_delivery);
}

Waiting dismiss(Backend& backend, const Call& call) {
    return decide(&backend, &call, dismiss_delivery);
}

constexpr const char* models[] = {endpoints};
constexpr std::string_view statuses[] = {"enabled", "disabled"};

constexpr Parameter list_endpoints_parameters[] = {
    {"status", "enabled or disabled; both unless told", false, "string", statuses},
    {"q",
     "only those whose URL has this in it; case does not matter. A page looks at 10,000 entries: "
     "it may be short or empty and still have a next_cursor"},
    limit,
    cursor,
};

const Route table[] = {
    {.name = "ListEndpoints",
     .method = "GET",
     .pattern = "/v1/webhook-endpoints",
     .access = Access::command,
     .help = "The tenant's webhook endpoints, the newest first, page by page.",
     .parameters = list_endpoints_parameters,
     .models = models,
     .query = list_endpoints},
    {.name = "GetEndpoint",
     .method = "GET",
     .pattern = "/v1/webhook-endpoints/{id}",
     .access = Access::command,
     .help = "One webhook endpoint. Its secret is never shown again.",
     .models = models,
     .query = get_endpoint,
     .has_version = true},
    {.name = "TestEndpoint",
     .method = "POST",
     .pattern = "/v1/webhook-endpoints/{id}/test",
     .access = Access::command,
     .help = "Sends the endpoint a message of the type WebhookTest at once, also while it is "
             "disabled, and answers what came of it. It is no event, and is not tried again.",
     .waiting_page = test_endpoint,
     .heeds_conditions = true},
    {.name = "ListEndpointDeliveries",
     .method = "GET",
     .pattern = "/v1/webhook-endpoints/{id}/deliveries",
     .access = Access::command,
     .help = "What is to be sent to the endpoint, was sent, or is a dead letter, the latest first.",
     .parameters = delivery_list_parameters,
     .waiting_query = endpoint_deliveries},
    {.name = "RetryEndpointDelivery",
     .method = "POST",
     .pattern = "/v1/webhook-endpoints/{id}/deliveries/{event_id}/retry",
     .access = Access::command,
     .help = "Tries an event again now: a dead letter, or one that waits.",
     .waiting_page = retry,
     .heeds_conditions = true},
    {.name = "DismissEndpointDelivery",
     .method = "POST",
     .pattern = "/v1/webhook-endpoints/{id}/deliveries/{event_id}/dismiss",
     .access = Access::command,
     .help = "Gives up an event that is a dead letter or waits: it is not sent any more.",
     .waiting_page = dismiss,
     .heeds_conditions = true},
};

}  // namespace

RouteArea endpoint_routes() {
    static constexpr char answers[] = {
#embed "answers/endpoints.json"
    };
    return {table, {answers, sizeof answers}, "endpoint", nullptr, complete_command};
}

}  // namespace vitrine::api
