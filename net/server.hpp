#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/http.hpp"
#include "net/server_tls.hpp"

namespace vitrine::net {

namespace asio = boost::asio;

/// Why a request never reached the handler. The connection is closed after the answer.
enum class Refusal {
    malformed,         // 400
    body_too_large,    // 413; what follows is read and discarded, up to `discard_bytes` or
                       // `discard_time`
    header_too_large,  // 431
    timed_out,         // 408
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::uint64_t header_limit = 16 * 1024;
    std::uint64_t body_limit = 1024 * 1024;
    std::uint64_t discard_bytes = 8 * 1024 * 1024;
    std::chrono::milliseconds discard_time{2000};
    std::chrono::milliseconds handshake_timeout{10'000};  // of TLS, from the connection on
    std::chrono::milliseconds header_timeout{10'000};     // whole, from its first byte on
    std::chrono::milliseconds body_timeout{30'000};       // whole, from the header on
    std::chrono::milliseconds idle_timeout{75'000};       // between requests
    std::chrono::milliseconds write_timeout{30'000};      // of an answer, or a part of a stream
    std::chrono::milliseconds drain_patience{1000};       // with peers, once the server drains
    std::size_t connection_limit = 20'000;
    ServerTls tls;  // nullptr: plain HTTP
};

/// Answers one request. Runs on the loop of its connection; one request of a connection at a time.
/// An exception that leaves it closes the connection, so handlers turn theirs into responses.
using Handler = std::function<asio::awaitable<Response>(Request)>;

/// Makes the response to a request that the server itself refuses, in the words of the application.
/// `request`: as far as it was read; any part of it may be missing.
using RefusalResponse = std::function<Response(Refusal, const Request& request)>;

/// Throws boost::system::system_error if a server could not listen there now.
void require_free_address(const ServerOptions& options);

/// HTTP/1.1 server (Beast), over TLS (OpenSSL) if so told.
///
/// Operation: listens at once when made; each connection lives on one of the given loops.
/// Keep-alive, pipelining, chunked bodies, "Expect: 100-continue", HEAD (the body is not sent,
/// Content-Length kept), bodies streamed as they come about. Adds Content-Length, and Connection:
/// close while draining. Concurrency: made and drained on one thread; every other part runs on the
/// loops. Errors: the constructor throws boost::system::system_error if the address cannot be
/// bound.
class Server {
public:
    /// `loops` outlive the server; each is run by one thread.
    Server(
        std::vector<asio::io_context*> loops,
        ServerOptions options,
        Handler handler,
        RefusalResponse refusal
    );
    ~Server();

    /// Where it listens: with port 0 the port that was chosen.
    std::uint16_t port() const;
    /// "127.0.0.1:8080", "[::1]:8080".
    std::string endpoint() const;

    std::size_t connections() const;

    /// New connections are shown this; open ones go on with what they have. Any thread.
    /// Precondition: neither this nor what was given at first is nullptr.
    void replace_tls(ServerTls tls);

    /// Stops accepting, closes idle connections, lets requests in work be answered, for at most
    /// `limit`; then closes the rest and calls `done` on the first loop. Whatever waits for a peer
    /// (half a request, a handshake, a stream that is not read, a close) has `drain_patience`.
    void drain(std::chrono::milliseconds limit, std::function<void()> done);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::net
