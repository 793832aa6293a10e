#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "net/server.hpp"

namespace vitrine::net {

class Session;

/// What all parts of one server share. Fixed after construction, but for the atomics, the drained
/// callback and the certificate.
struct Service {
    ServerOptions options;
    Handler handler;
    RefusalResponse refusal;
    std::atomic<bool> draining = false;
    /// Beyond this no session waits for its peer. Set before `draining`.
    std::atomic<std::chrono::steady_clock::time_point> patience_end =
        std::chrono::steady_clock::time_point::max();
    std::atomic<std::size_t> connections = 0;

    /// Any thread. Calls the callback of `when_empty` once the last connection is gone.
    void connection_ended();
    /// Any thread. `then` runs at most once, at once if there is no connection.
    void when_empty(std::function<void()> then);
    /// Any thread. It will not be called any more.
    void forget_when_empty();

    /// Any thread. What new connections are shown; nullptr: plain HTTP.
    ServerTls tls() const;
    void replace_tls(ServerTls tls);

private:
    mutable std::mutex mutex_;
    std::function<void()> empty_;
    ServerTls tls_;
};

/// One connection counted in Service::connections, from accept to the end of its session.
class Counted {
public:
    explicit Counted(std::shared_ptr<Service> service) : service_(std::move(service)) {
        service_->connections.fetch_add(1);
    }
    Counted(Counted&&) noexcept = default;
    Counted& operator=(Counted&&) = delete;
    ~Counted() {
        if (service_) service_->connection_ended();
    }
    Service& operator*() const { return *service_; }
    Service* operator->() const { return service_.get(); }

private:
    std::shared_ptr<Service> service_;
};

using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// The sessions of one loop, and the one timer that watches all their deadlines: cheaper than a
/// timer for each, at the price of being late by up to one period.
///
/// Concurrency: all on its loop.
class Worker : public std::enable_shared_from_this<Worker> {
public:
    Worker(asio::io_context& loop, const ServerOptions& options);

    asio::io_context& loop() { return loop_; }

    void start(Socket socket, std::string remote, Counted counted);
    /// The server drains.
    void hurry();
    void close_all();

    void enter(Session& session);
    void leave(Session& session);

private:
    void watch();

    asio::io_context& loop_;
    asio::steady_timer timer_;
    std::chrono::milliseconds period_;
    std::vector<Session*> sessions_;
    bool watching_ = false;
};

}  // namespace vitrine::net
