// What the platform sends us. No API key: the signature says who it is from.
#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/http/backend.hpp"
#include "api/http/metrics.hpp"
#include "api/http/respond.hpp"
#include "api/http/route.hpp"
#include "commands/webhooks/receive.hpp"

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
    return json_response(json.dump());
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
    auto reply = co_await commands::receive_webhook(
        &backend->reads.store, backend->reads.clock, backend->new_id, std::move(request)
    );
    backend->webhooks.count(reply.outcome);
    co_return response_of(std::move(reply), *call);
}

awaitable<net::Response> receive_clubify_webhook(Backend& backend, const Call& call) {
    return receive(&backend, &call);
}

const Route table[] = {
    {.name = "ReceiveClubifyWebhook",
     .method = "POST",
     .pattern = "/v1/webhooks/clubify/{tenant}",
     .help =
         "A webhook of the platform, signed with the tenant's webhook secret. Kept before it is "
         "answered; the same delivery is kept once.",
     .waiting_page = receive_clubify_webhook,
     .needs_body = true},
};

}  // namespace

std::span<const Route> webhook_routes() {
    return table;
}

}  // namespace vitrine::api
