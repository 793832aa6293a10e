#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>

#include "gateways/rest/allowance.hpp"
#include "gateways/rest/breaker.hpp"
#include "gateways/rest/flights.hpp"
#include "gateways/rest/options.hpp"
#include "gateways/rest/outages.hpp"
#include "gateways/rest/tokens.hpp"

namespace vitrine::rest {

namespace asio = boost::asio;

/// Makes the calls of one gateway: in the tenant's turn, within its rate limit, with its token, and
/// again where that is safe.
///
/// Operation: signs in when a token is first needed (one sign-in at a time, the token kept until
/// 300 s before it expires, one new sign-in after a 401), sends the call, and turns the answer into
/// a value. Equal GETs at the same time share one request (`fresh` ones do not). A GET, and what
/// provably never left, is tried again within the call's budget; a write that may have left never
/// is: whether that is safe is the caller's to know. A tenant whose calls keep failing, or who has
/// used up the rate limit announced to it, gets `not_sent` with `retry_after` at once. All that
/// holds calls up is the tenant's own. Concurrency: all on one loop. Errors: values; nothing the
/// peer or the network does throws.
class Caller {
public:
    Caller(asio::any_io_executor loop, Options options, Clock clock);

    /// `deadline` bounds all of it; 0 means the one of the options.
    static asio::awaitable<Result<Answer>> send(
        std::shared_ptr<Caller> self,
        std::shared_ptr<const Peer> peer,
        Call call,
        std::chrono::milliseconds deadline
    );

    /// Of every tenant that made a call.
    std::vector<TenantCalls> calls() const;
    /// Forgets tokens and closes connections; calls in work end as `unknown`.
    void close();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// What is kept of a peer between calls.
    struct Entry {
        std::shared_ptr<const Peer> peer;
        std::shared_ptr<Tokens> tokens;
        std::shared_ptr<net::Gate> gate;
        std::shared_ptr<Breaker> breaker;
        std::shared_ptr<Allowance> allowance;
        Flights flights;
        TenantCalls counts;
    };

    std::shared_ptr<Entry> entry(std::shared_ptr<const Peer> peer);
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
    asio::awaitable<Result<Allowance::Share>> allowed(std::shared_ptr<Entry> entry, TimePoint end);

    asio::any_io_executor loop_;
    Options options_;
    Clock clock_;
    std::shared_ptr<net::Client> client_;
    std::shared_ptr<Outages> outages_;
    std::map<TenantId, std::shared_ptr<Entry>> entries_;
};

}  // namespace vitrine::rest
