#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/phrase.hpp"
#include "net/http.hpp"

namespace vitrine::net {

namespace asio = boost::asio;

/// Scheme, host, port and path prefix of a service: "https://checkout.svelve.com/api/v1".
struct BaseUrl {
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    std::string prefix;  // "" or "/api/v1", without a trailing slash

    bool loopback() const;
    std::string str() const;
    bool operator==(const BaseUrl&) const = default;
};

/// nullopt: not an http or https URL, or one with user, query or fragment.
std::optional<BaseUrl> parse_base_url(std::string_view url);

struct TransportError {
    enum class Kind {
        not_sent,   // no byte of the request can have reached the peer: DNS, refused, connect
                    // timeout, TLS, an address that is not admitted
        lost,       // sent in part or whole, no complete answer: reset, closed, unreadable answer
        timed_out,  // sent in part or whole, no complete answer within the deadline
        too_large,  // the answer exceeds the limit
    };
    Kind kind{};
    Phrase detail;
};

struct ClientOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds idle_timeout{60'000};  // after which a pooled connection is closed
    std::uint64_t response_limit = 16 * 1024 * 1024;
    std::size_t connections_per_origin =
        1024;  // further calls wait for a free one, within their deadline
    bool verify_tls = true;
    /// Whether a host may be called that has these addresses: looked at after each look-up, and
    /// only they are connected to. Empty: any may.
    std::function<bool(const std::vector<asio::ip::address>&)> admits = {};
};

/// HTTP/1.1 client (Beast, OpenSSL) with a keep-alive pool per scheme, host, port and partition.
///
/// Concurrency: every member runs on the one loop given; not thread-safe.
/// Never repeats a request by itself, except one that provably never left on a pooled connection
/// that the peer had closed before the first byte was written.
class Client {
public:
    Client(asio::any_io_executor loop, ClientOptions options);
    ~Client();

    /// `request.target` is appended to the base's prefix. Connections are shared only within a
    /// `partition` (the tenant). Sets Host and Content-Length. `deadline` bounds the whole call,
    /// waiting for a connection included.
    asio::awaitable<std::expected<Response, TransportError>> send(
        BaseUrl base, std::string partition, Request request, std::chrono::milliseconds deadline
    );

    /// Closes every pooled connection; calls in work end as `lost`.
    void close();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vitrine::net
