#pragma once

#include <map>

#include "gateways/clubify/allowance.hpp"
#include "gateways/clubify/breaker.hpp"
#include "gateways/clubify/clubify.hpp"
#include "gateways/clubify/flights.hpp"
#include "gateways/clubify/outages.hpp"
#include "gateways/clubify/tokens.hpp"

namespace vitrine::clubify {

/// Makes calls: in the account's turn, within its rate limit, with its token, once more after a
/// 401, and again where that is safe. All that holds calls up is the tenant's own.
///
/// Concurrency: all on one loop.
class Caller {
public:
    Caller(asio::any_io_executor loop, Options options, Clock clock);

    /// `deadline` bounds all of it; 0 means the one of the options.
    static asio::awaitable<Result<Answer>> send(
        std::shared_ptr<Caller> self, Account account, Call call, std::chrono::milliseconds deadline
    );

    std::vector<TenantCalls> calls() const;
    void close();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// What is kept of an account between calls.
    struct Entry {
        Account account;
        std::shared_ptr<Tokens> tokens;
        std::shared_ptr<net::Gate> gate;
        std::shared_ptr<Breaker> breaker;
        std::shared_ptr<Allowance> allowance;
        Flights flights;
        TenantCalls counts;
    };

    std::shared_ptr<Entry> entry(const Account& account);
    static asio::awaitable<Result<Answer>> share(
        std::shared_ptr<Caller> self, std::shared_ptr<Entry> entry, Call call, TimePoint end
    );
    static asio::awaitable<void> fly(
        std::shared_ptr<Caller> self,
        std::shared_ptr<Entry> entry,
        std::shared_ptr<Flight> flight,
        Call call
    );
    /// `flight` may be nullptr: the call is nobody else's.
    static asio::awaitable<Result<Answer>> work(
        std::shared_ptr<Caller> self,
        std::shared_ptr<Entry> entry,
        std::shared_ptr<Flight> flight,
        Call call,
        TimePoint end
    );
    asio::awaitable<Attempt> attempt(
        std::shared_ptr<Entry> entry,
        std::shared_ptr<Flight> flight,
        const Call* call,
        TimePoint end
    );
    asio::awaitable<std::expected<Allowance::Share, CallError>> allowed(
        std::shared_ptr<Entry> entry, TimePoint end
    );

    asio::any_io_executor loop_;
    Options options_;
    Clock clock_;
    std::shared_ptr<net::Client> client_;
    std::shared_ptr<Outages> outages_;
    std::map<TenantId, std::shared_ptr<Entry>> entries_;
};

}  // namespace vitrine::clubify
