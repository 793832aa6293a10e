#include "gateways/pagarme/peer.hpp"

#include "core/base64.hpp"

namespace vitrine::pagarme {

PagarmePeer::PagarmePeer(const Account& account)
    : Peer(account.tenant, account.base), secret_key_(account.secret_key) {}

bool PagarmePeer::is_for(const Account& account) const {
    return base == account.base && secret_key_ == account.secret_key;
}

Term PagarmePeer::name() const {
    return {"Pagar.me", "a Pagar.me"};
}

std::optional<net::Request> PagarmePeer::sign_in() const {
    return std::nullopt;
}

std::optional<rest::Token> PagarmePeer::token_in(const JsonText&) const {
    return std::nullopt;
}

net::Request PagarmePeer::request(rest::Call call, const std::string&) const {
    net::Request request;
    request.method = std::move(call.method);
    request.target = std::move(call.path);
    request.headers.add("Authorization", "Basic " + encode_base64(secret_key_ + ':'));
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Accept", "application/json");
    request.headers.add("User-Agent", "vitrine");
    if (!call.idempotency_key.empty())
        request.headers.add("Idempotency-Key", std::move(call.idempotency_key));
    if (!call.traceparent.empty()) request.headers.add("traceparent", std::move(call.traceparent));
    request.body = std::move(call.body.text);
    return request;
}

std::vector<std::string_view> PagarmePeer::secrets() const {
    return {secret_key_};
}

}  // namespace vitrine::pagarme
