#include "gateways/clubify/peer.hpp"

#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/json.hpp"

namespace vitrine::clubify {

ClubifyPeer::ClubifyPeer(const Account& account, std::string user_agent)
    : Peer(account.tenant, account.base),
      api_key_(account.api_key),
      tenant_id_(account.tenant_id),
      organization_id_(account.organization_id),
      user_agent_(std::move(user_agent)) {}

bool ClubifyPeer::is_for(const Account& account) const {
    return base == account.base && api_key_ == account.api_key && tenant_id_ == account.tenant_id &&
           organization_id_ == account.organization_id;
}

Term ClubifyPeer::name() const {
    return {"the platform", "a plataforma"};
}

std::optional<net::Request> ClubifyPeer::sign_in() const {
    net::Request request;
    request.method = "POST";
    request.target = "/auth/api-key/token";
    add_common(request.headers);
    JsonWriter body;
    body.text("api_key", api_key_).text("tenant_id", tenant_id_).text("grant_type", "api_key");
    request.body = std::move(body.done().text);
    return request;
}

std::optional<rest::Token> ClubifyPeer::token_in(const JsonText& answer) const {
    return read_token(answer);
}

net::Request ClubifyPeer::request(rest::Call call, const std::string& token) const {
    net::Request request;
    request.method = std::move(call.method);
    request.target = std::move(call.path);
    add_common(request.headers);
    request.headers.add("Authorization", "Bearer " + token);
    // The platform is not known to honour it.
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

std::vector<std::string_view> ClubifyPeer::secrets() const {
    return {api_key_};
}

/// What every request carries.
void ClubifyPeer::add_common(net::Headers& headers) const {
    headers.reserve(12);
    headers.add("Content-Type", "application/json");
    headers.add("Accept", "application/json");
    headers.add("User-Agent", user_agent_);
    headers.add("X-SDK-Version", user_agent_.substr(user_agent_.find('/') + 1));
    headers.add("X-SDK-Language", "cpp");
    if (!tenant_id_.empty()) headers.add("X-Tenant-Id", tenant_id_);
    if (!organization_id_.empty()) headers.add("X-Organization-Id", organization_id_);
}

}  // namespace vitrine::clubify
