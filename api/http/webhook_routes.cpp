// What the platform sends us. No API key: the signature says who it is from.
#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/metrics.hpp"
#include "api/http/respond.hpp"
#include "commands/webhooks/receive.hpp"
#include "projections/listed.hpp"
#include "projections/sales/reader.hpp"
#include "queries/at_least.hpp"
#include "queries/customers/customers.hpp"
#include "queries/webhooks/list_webhooks.hpp"

namespace vitrine::api {
namespace {

using boost::asio::awaitable;

std::optional<std::string> first_of(
    const net::Headers& headers, std::initializer_list<const char*> names
) {
    for (const char* name : names) {
        if (const auto field = headers.find(name)) return std::string(*field);
    }
    return std::nullopt;
}

net::Response response_of(commands::WebhookReply reply, const Call& call) {
    if (reply.problem) {
        reply.problem->instance = call.path;
        return problem_response(*reply.problem, call.language);
    }
    nlohmann::ordered_json json;
    json["status"] = commands::webhook_outcome_name(reply.outcome);
    json["delivery_id"] = reply.delivery_id;
    if (!reply.reason.empty()) json["reason"] = reply.reason.in(call.language);
    auto response = json_response(json.dump());
    if (!reply.reason.empty()) name_language(response, call.language);
    return response;
}

/// Who of ours the platform means, by its id or the address they have now.
std::optional<events::CustomerId> customer_of(
    const Backend& backend, const TenantId& tenant, const commands::NamedCustomer& named
) {
    auto lease = backend.reads.projections.read_model(queries::customers_model).lease();
    if (!lease) return std::nullopt;
    projections::ListedReader rows(*std::move(lease), queries::customers_model);
    std::optional<std::string> found;
    if (named.clubify_id)
        found = rows.find_by(tenant, "clubify_customer_id", named.clubify_id->view());
    if (!found && named.email) found = rows.find_by(tenant, "email", *named.email);
    return found ? std::optional(events::CustomerId(*std::move(found))) : std::nullopt;
}

awaitable<net::Response> receive(Backend* backend, const Call* call) {
    commands::WebhookRequest request;
    request.tenant = TenantId(call->captures.front());
    request.secret = backend->webhook_secret(request.tenant);
    request.body = call->request.body;
    const auto& headers = call->request.headers;
    request.signature = first_of(headers, {"X-Clubify-Signature", "X-Webhook-Signature"});
    request.timestamp = first_of(headers, {"X-Clubify-Timestamp", "X-Timestamp"});
    request.traceparent = call->traceparent;
    request.knows_currency_of = [backend, tenant = request.tenant](const ClubifyId& offer) {
        auto lease = backend->reads.projections.read_model(queries::sales_model).lease();
        return lease &&
               projections::SalesReader(*std::move(lease)).knows_currency_of(tenant, offer);
    };
    request.customer_of = [backend, tenant = request.tenant](const commands::NamedCustomer& named) {
        return customer_of(*backend, tenant, named);
    };
    auto reply = co_await commands::receive_webhook(
        &backend->log, backend->reads.clock, backend->new_id, std::move(request)
    );
    backend->webhooks.count(reply.outcome, reply.unclear);
    co_return response_of(std::move(reply), *call);
}

awaitable<net::Response> receive_clubify_webhook(Backend& backend, const Call& call) {
    return receive(&backend, &call);
}

queries::Result list_webhooks(Backend& backend, const Call& call) {
    return queries::list_webhooks(
        backend.reads,
        call.principal.tenant,
        {call.parameter("outcome"), call.parameter("limit"), call.parameter("cursor"), call.language
        }
    );
}

constexpr std::string_view receive_problems[] = {"webhook-signature", "webhook-timestamp"};
constexpr std::string_view outcomes[] = {"accepted", "ignored", "unclear"};

constexpr const char* models[] = {queries::webhooks_model};

constexpr Parameter list_parameters[] = {
    {"outcome",
     "accepted, ignored or unclear; unclear are also those that were counted though something "
     "in them was not understood",
     false,
     "string",
     outcomes},
    {"limit", "entries of a page, 1 to 1000; 50 unless told", false, "integer"},
    {"cursor", "next_cursor of the page before"},
};

const Route table[] = {
    {.name = "ListWebhooks",
     .method = "GET",
     .pattern = "/v1/webhooks",
     .access = Access::reader,
     .help = "What became of the platform's webhooks, the newest first. The body of one is in the "
             "event at its position.",
     .parameters = list_parameters,
     .models = models,
     .query = list_webhooks},
    {.name = "ReceiveClubifyWebhook",
     .method = "POST",
     .pattern = "/v1/webhooks/clubify/{tenant}",
     .help =
         "A webhook of the platform, signed with the tenant's webhook secret. Kept before it is "
         "answered; the same delivery is kept once, and what is not understood is kept too and "
         "marked: GET /v1/webhooks?outcome=unclear.",
     .waiting_page = receive_clubify_webhook,
     .needs_body = true,
     .writes = true,
     .problems = receive_problems},
};

}  // namespace

RouteArea webhook_routes() {
    static constexpr char answers[] = {
#embed "answers/webhooks.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
