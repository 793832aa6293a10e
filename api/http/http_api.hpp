#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string_view>

#include "api/http/backend.hpp"
#include "api/http/route.hpp"
#include "api/http/router.hpp"
#include "net/http.hpp"
#include "net/server.hpp"

namespace vitrine::api {

/// Answers requests: finds the route, asks who it is, runs the command or query, words the outcome.
///
/// Concurrency: any loop; commands are run on the main one.
/// Errors: none leave it; what breaks is answered with 500. Every answer has a correlation id, and
/// every line of the log about it the same one.
class HttpApi {
public:
    explicit HttpApi(Backend backend);

    boost::asio::awaitable<net::Response> handle(net::Request request);

    /// What the server itself has refused; the request as far as it was read.
    net::Response refuse(net::Refusal refusal, const net::Request& request);

private:
    void take_correlation(Call& call) const;
    std::optional<net::Response> admit(Call& call) const;
    Phrase expiry_text(const std::optional<std::string_view>& key) const;
    std::optional<net::Response> take_headers(Call& call) const;
    std::optional<net::Response> count_request(Call& call) const;
    // The call outlives these coroutines.
    boost::asio::awaitable<net::Response> wait_and_answer(Call* call);
    boost::asio::awaitable<net::Response> command(Call* call);
    boost::asio::awaitable<queries::Result> asked(const Call* call);
    net::Response failed(const Call& call, std::string_view reason) const;
    void finish(
        const Call& call, net::Response& response, std::chrono::steady_clock::time_point started
    );

    Backend backend_;
    Router router_;
    std::unique_ptr<KeyLimits> key_limits_;  // nullptr: no limit
};

}  // namespace vitrine::api
