#pragma once

#include <map>

#include "gateways/clubify/clubify.hpp"
#include "gateways/clubify/tokens.hpp"

namespace vitrine::clubify {

/// Makes calls: in the account's turn, with its token, once more after a 401.
///
/// Concurrency: all on one loop.
class Caller {
public:
    Caller(asio::any_io_executor loop, Options options, Clock clock);

    /// `deadline` bounds all of it; 0 means the one of the options.
    static asio::awaitable<Result<Answer>> send(
        std::shared_ptr<Caller> self, Account account, Call call, std::chrono::milliseconds deadline
    );

    void close();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// What is kept of an account between calls.
    struct Entry {
        Account account;
        std::shared_ptr<Tokens> tokens;
        std::shared_ptr<net::Gate> gate;
    };

    std::shared_ptr<Entry> entry(const Account& account);
    static asio::awaitable<std::expected<Token, CallError>> sign_in(
        std::shared_ptr<net::Client> client, Account account, Options options, Clock clock
    );

    asio::any_io_executor loop_;
    Options options_;
    Clock clock_;
    std::shared_ptr<net::Client> client_;
    std::map<TenantId, std::shared_ptr<Entry>> entries_;
};

}  // namespace vitrine::clubify
