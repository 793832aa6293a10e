// What providers of payments send us. No API key: HTTP Basic says who it is from.
#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/http/areas.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"
#include "commands/hooks/receive.hpp"

namespace vitrine::api {
namespace {

using boost::asio::awaitable;

awaitable<net::Response> receive(Backend* backend, const Call* call) {
    commands::HookRequest request;
    request.tenant = TenantId(call->captures.front());
    request.credentials = backend->hook_credentials(request.tenant);
    request.authorization = call->request.headers.find("Authorization").value_or("");
    request.body = call->request.body;
    request.traceparent = call->traceparent;
    auto reply = co_await commands::receive_hook(
        &backend->log, backend->reads.clock, backend->new_id, std::move(request)
    );
    if (reply.problem) {
        reply.problem->instance = call->path;
        co_return problem_response(*reply.problem, call->language);
    }
    nlohmann::ordered_json json;
    json["status"] = reply.status;
    json["hook_id"] = reply.hook_id;
    co_return json_response(json.dump());
}

awaitable<net::Response> receive_pagarme_hook(Backend& backend, const Call& call) {
    return receive(&backend, &call);
}

constexpr std::string_view receive_problems[] = {"hook-credentials"};

const Route table[] = {
    {.name = "ReceivePagarmeHook",
     .method = "POST",
     .pattern = "/v1/hooks/pagarme/{tenant}",
     .help = "A hook of Pagar.me, by HTTP Basic. It is never believed: that it came is kept, and "
             "the charge is asked for. The same hook is kept once; one that is of no checkout of "
             "ours is ignored.",
     .waiting_page = receive_pagarme_hook,
     .needs_body = true,
     .writes = true,
     .problems = receive_problems},
};

}  // namespace

RouteArea hook_routes() {
    static constexpr char answers[] = {
#embed "answers/hooks.json"
    };
    return {table, {answers, sizeof answers}};
}

}  // namespace vitrine::api
