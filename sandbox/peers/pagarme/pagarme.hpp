#pragma once

#include <map>
#include <optional>
#include <string>

#include "net/http.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/fault_rules.hpp"
#include "sandbox/peers/hooks.hpp"
#include "sandbox/peers/pagarme/book.hpp"
#include "sandbox/request_log.hpp"

namespace vitrine::sandbox::pagarme {

struct Settings {
    std::string secret_key;  // the user of Basic; empty: any key that begins with sk_
    peers::HookTarget hooks;
    std::uint64_t seed = 0;
    std::optional<Timestamp> clock;
};

/// Pagar.me's API below /core/v5, and the control plane below /_sandbox: payments (acts), refunds
/// (hold), hooks (hold, deliver), state, faults, requests, clock.
///
/// Operation: an answer to a request with an Idempotency-Key is kept for 24 h and given again,
/// whatever it was and whatever the next body is. Concurrency: one loop, which it does not outlive.
class Pagarme {
public:
    Pagarme(boost::asio::any_io_executor loop, Settings settings);

    boost::asio::awaitable<net::Response> handle(net::Request request);
    static net::Response refuse(int status, const std::string& message);

private:
    struct Kept {
        net::Response response;
        Timestamp until;
    };

    boost::asio::awaitable<net::Response> control(net::Request request, net::Target target);
    boost::asio::awaitable<net::Response> control_hooks(net::Request request, net::Target target);
    boost::asio::awaitable<net::Response> disturbed(
        net::Request request, net::Target target, FaultAction fault
    );
    boost::asio::awaitable<net::Response> answer(net::Request request, net::Target target);
    Outcome act(const net::Request& request, const net::Target& target);
    Outcome route(const std::string& method, const net::Target& target, const Json& body);
    bool is_merchant(const net::Request& request) const;
    void tell();

    Settings settings_;
    SandboxClock clock_;
    FaultRules faults_;
    RequestLog log_;
    Book book_;
    peers::Hooks hooks_;
    std::map<std::string, Kept> kept_;  // by method and key
};

}  // namespace vitrine::sandbox::pagarme
