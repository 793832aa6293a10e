#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "net/worker.hpp"

namespace vitrine::net {

/// Accepts connections on the first loop and hands them to the workers in turn.
///
/// Concurrency: `close` from any thread; the rest on the first loop.
/// Errors: the constructor throws boost::system::system_error if the address cannot be bound.
class Listener : public std::enable_shared_from_this<Listener> {
public:
    Listener(
        asio::io_context& loop,
        std::shared_ptr<Service> service,
        std::vector<std::shared_ptr<Worker>> workers
    );

    void accept();
    void close();

    std::string address() const;
    std::uint16_t port() const { return endpoint_.port(); }

    using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

private:
    void hand_over(Worker& worker, Socket socket);
    void accept_later();

    std::shared_ptr<Service> service_;
    std::vector<std::shared_ptr<Worker>> workers_;
    std::size_t next_ = 0;
    std::mutex mutex_;  // of the acceptor
    Acceptor acceptor_;
    asio::steady_timer retry_;
    asio::ip::tcp::endpoint endpoint_;
    asio::ip::tcp::endpoint peer_;
};

}  // namespace vitrine::net
