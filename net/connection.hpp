#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "net/client.hpp"

namespace vitrine::net {

/// One connection to a server, plain or TLS.
///
/// Concurrency: all on one loop, one step at a time; `close` aborts the step of the moment.
class Connection {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Connection(asio::any_io_executor loop);

    /// Resolves, connects and, given a context, agrees on TLS and checks whose certificate it is.
    /// nullopt: done; else what went wrong. `end` bounds the look-up of the name, which nothing can
    /// abort.
    asio::awaitable<std::optional<std::string>> open(
        BaseUrl base, asio::ssl::context* tls, bool verify, TimePoint end
    );

    /// Returns the number of bytes that the kernel may have got, also on failure: with TLS all of
    /// them once it began.
    asio::awaitable<std::size_t> write(
        std::string_view head, std::string_view body, boost::system::error_code& error
    );

    /// Adds to `buffer`.
    asio::awaitable<void> read(std::size_t room, boost::system::error_code& error);

    /// Still there, as far as one can tell without sending: not closed, and nothing to read.
    bool usable();
    bool is_open() const { return socket_.is_open(); }
    void close();

    boost::beast::flat_buffer buffer;
    TimePoint idle_since{};

private:
    using Socket = asio::ip::tcp::socket;

    asio::awaitable<std::optional<std::string>> handshake(
        std::string host, asio::ssl::context& context, bool verify
    );

    Socket socket_;
    std::unique_ptr<asio::ssl::stream<Socket&>> tls_;
    bool closed_ = false;  // also when there is no open socket yet: then none will be opened
};

}  // namespace vitrine::net
