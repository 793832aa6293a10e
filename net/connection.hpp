#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "net/client.hpp"

namespace vitrine::net {

struct Written {
    std::size_t handed =
        0;  // bytes that the kernel may have got; with TLS all of them once it began
    boost::system::error_code error;
};

struct Answered {
    Response response;
    bool keep_alive = false;  // the connection may carry another
};

/// One connection to a server, plain or TLS.
///
/// Concurrency: all on one loop, one step at a time; `close` aborts the step of the moment.
class Connection {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Connection(const asio::any_io_executor& loop);

    /// Resolves, connects and, given a context, agrees on TLS and checks whose certificate it is.
    /// nullopt: done; else what went wrong. `end` bounds the look-up of the name, which nothing can
    /// abort. `options` outlives it.
    asio::awaitable<std::optional<Phrase>> open(
        BaseUrl base, asio::ssl::context* tls, const ClientOptions* options, TimePoint end
    );

    asio::awaitable<Written> write(std::string_view head, std::string_view body);

    /// One final answer, interim ones passed over. Errors: `lost` or `too_large`.
    asio::awaitable<std::expected<Answered, TransportError>> read_response(
        std::uint64_t limit, bool without_body
    );

    /// Still there, as far as one can tell without sending: not closed, and nothing to read.
    bool usable();
    bool is_open() const { return socket_.is_open(); }
    void close();

    boost::beast::flat_buffer buffer;
    TimePoint idle_since{};

private:
    using Socket = asio::ip::tcp::socket;

    asio::awaitable<std::optional<Phrase>> handshake(
        std::string host, asio::ssl::context* context, bool verify
    );

    asio::awaitable<boost::system::error_code> read(std::size_t room);

    Socket socket_;
    std::unique_ptr<asio::ssl::stream<Socket&>> tls_;
    bool closed_ = false;  // also when there is no open socket yet: then none will be opened
};

}  // namespace vitrine::net
