#include "gateways/clubify/requests.hpp"

#include "gateways/clubify/json_writer.hpp"

namespace vitrine::clubify {
namespace {

/// What every request carries.
void add_common(net::Headers& headers, const Account& account, const std::string& user_agent) {
    headers.reserve(12);
    headers.add("Content-Type", "application/json");
    headers.add("Accept", "application/json");
    headers.add("User-Agent", user_agent);
    headers.add("X-SDK-Version", user_agent.substr(user_agent.find('/') + 1));
    headers.add("X-SDK-Language", "cpp");
    if (!account.tenant_id.empty()) headers.add("X-Tenant-Id", account.tenant_id);
    if (!account.organization_id.empty()) {
        headers.add("X-Organization-Id", account.organization_id);
    }
}

}  // namespace

net::Request sign_in_request(const Account& account, const std::string& user_agent) {
    net::Request request;
    request.method = "POST";
    request.target = "/auth/api-key/token";
    add_common(request.headers, account, user_agent);
    JsonWriter body;
    body.text("api_key", account.api_key)
        .text("tenant_id", account.tenant_id)
        .text("grant_type", "api_key");
    request.body = std::move(body.done().text);
    return request;
}

net::Request call_request(
    const Account& account, Call call, const std::string& token, const std::string& user_agent
) {
    net::Request request;
    request.method = std::move(call.method);
    request.target = std::move(call.path);
    add_common(request.headers, account, user_agent);
    request.headers.add("Authorization", "Bearer " + token);
    if (request.method == "POST" && !call.idempotency_key.empty()) {
        request.headers.add("Idempotency-Key", std::move(call.idempotency_key));
    }
    if (!call.correlation_id.empty()) {
        request.headers.add("X-Request-Id", std::move(call.correlation_id));
    }
    if (!call.traceparent.empty()) {
        request.headers.add("traceparent", std::move(call.traceparent));
    }
    request.body = std::move(call.body.text);
    return request;
}

}  // namespace vitrine::clubify
