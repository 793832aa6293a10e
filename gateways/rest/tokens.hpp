#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/time.hpp"
#include "gateways/rest/peer.hpp"
#include "net/gate.hpp"

namespace vitrine::rest {

namespace asio = boost::asio;

/// The access token of one account.
///
/// Operation: `get` gives the token, signing in first when there is none. However many ask, there
/// is one sign-in at a time; it runs on its own, so that a caller in a hurry cannot fail it for the
/// others. Concurrency: all on one loop.
class Tokens : public std::enable_shared_from_this<Tokens> {
public:
    using SignIn = std::function<asio::awaitable<Result<Token>>()>;
    using TimePoint = std::chrono::steady_clock::time_point;

    Tokens(asio::any_io_executor loop, Clock clock, SignIn sign_in);

    /// The error is about the call that needs the token: `credentials`, or `not_sent`.
    asio::awaitable<Result<std::string>> get(TimePoint end);

    /// The peer refused it. Of no effect if there is another by now.
    void forget(const std::string& token);

private:
    struct Flight;

    static asio::awaitable<void> fly(std::shared_ptr<Tokens> self, std::shared_ptr<Flight> flight);

    asio::any_io_executor loop_;
    Clock clock_;
    SignIn sign_in_;
    std::string token_;
    Timestamp good_until_{};
    std::shared_ptr<Flight> flight_;
};

}  // namespace vitrine::rest
