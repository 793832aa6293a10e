#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "gateways/rest/call.hpp"
#include "net/client.hpp"

namespace vitrine::rest {

/// An access token, and how long it is good for.
struct Token {
    std::string text;
    std::chrono::seconds lifetime{};
};

/// A tenant's account at a service that we call: all that a gateway tells of itself so that calls
/// can be made. The same object is the same account; what is learnt of an account between its calls
/// (its token, how it fares) is forgotten with it.
///
/// Concurrency: immutable.
class Peer {
public:
    Peer(TenantId whose, net::BaseUrl where) : tenant(std::move(whose)), base(std::move(where)) {}
    virtual ~Peer() = default;

    /// What errors call it: "the platform".
    virtual Term name() const = 0;
    /// The request that gets a token. nullopt: none is needed.
    virtual std::optional<net::Request> sign_in() const = 0;
    /// Of the answer to it; nullopt: there is none in it.
    virtual std::optional<Token> token_in(const JsonText& answer) const = 0;
    /// The call as it goes out. `token` is empty where none is needed.
    virtual net::Request request(Call call, const std::string& token) const = 0;
    /// What must not be repeated to anyone, should the peer repeat it in its words.
    virtual std::vector<std::string_view> secrets() const = 0;

    const TenantId tenant;  // ours; calls of different tenants share no connection and no token
    const net::BaseUrl base;
};

}  // namespace vitrine::rest
