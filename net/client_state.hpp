#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <unordered_set>

#include "net/pool.hpp"

namespace vitrine::net {

/// What the calls of one client share: the connections, idle and busy, and the TLS context.
///
/// Concurrency: all on its loop.
class ClientState : public std::enable_shared_from_this<ClientState> {
public:
    ClientState(asio::any_io_executor loop, ClientOptions options);

    const asio::any_io_executor& loop() const { return loop_; }
    const ClientOptions& options() const { return options_; }
    Pool& pool() { return pool_; }
    /// Made when first needed: reading the system's roots is slow.
    asio::ssl::context& tls();

    void give_back(Origin& origin, std::unique_ptr<Connection> connection);
    void close();

    /// While it lives, close() knows the connection.
    class Busy {
    public:
        Busy(ClientState& state, Connection& connection);
        ~Busy();
        Busy(const Busy&) = delete;
        Busy& operator=(const Busy&) = delete;

    private:
        ClientState& state_;
        Connection& connection_;
    };

private:
    void sweep_later();

    asio::any_io_executor loop_;
    ClientOptions options_;
    Pool pool_;
    asio::steady_timer sweeper_;
    bool sweeping_ = false;
    std::optional<asio::ssl::context> tls_;
    std::unordered_set<Connection*> busy_;
};

}  // namespace vitrine::net
