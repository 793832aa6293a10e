#include "net/client.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/error.hpp>
#include <unordered_set>

#include "net/pool.hpp"
#include "net/request_head.hpp"
#include "net/response_parser.hpp"
#include "net/watch.hpp"

namespace vitrine::net {
namespace {

using boost::system::error_code;
using Kind = TransportError::Kind;
using Sent = std::expected<Response, TransportError>;
namespace http = boost::beast::http;

constexpr std::size_t read_room = 4 * 1024;
constexpr std::size_t body_room = 64 * 1024;

std::unexpected<TransportError> failed(Kind kind, std::string detail) {
    return std::unexpected(TransportError(kind, std::move(detail)));
}

asio::ssl::context make_tls() {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
        asio::ssl::context::no_tlsv1_1
    );
    context.set_default_verify_paths();
    return context;
}

/// How far one attempt on one connection came.
struct Attempt {
    std::size_t handed = 0;  // bytes that the kernel may have got
    bool reusable = false;
};

/// Reads one final answer. `keep_alive` tells whether the connection may carry another.
asio::awaitable<Sent> read_response(
    Connection& connection, std::uint64_t limit, bool without_body, bool& keep_alive
) {
    for (;;) {
        ResponseParser parser(limit, without_body);
        error_code error;
        while (!parser.is_done()) {
            if (connection.buffer.size() > 0) {
                connection.buffer.consume(parser.put(connection.buffer.data(), error));
                if (error == http::error::body_limit || error == http::error::header_limit) {
                    co_return failed(Kind::too_large, "the answer is larger than allowed");
                }
                if (error && error != http::error::need_more) {
                    co_return failed(Kind::lost, "the answer is not HTTP: " + error.message());
                }
                if (parser.is_done()) break;
            }
            const auto room = parser.is_header_done() ? body_room : read_room;
            error = {};
            co_await connection.read(room, error);
            if (error == asio::error::eof && parser.got_some()) {
                parser.put_eof(error);
                if (error)
                    co_return failed(Kind::lost, "the connection was closed amid the answer");
            } else if (error) {
                co_return failed(Kind::lost, "no answer: " + error.message());
            }
        }
        if (parser.response().status < 200 && parser.response().status != 101) continue;
        keep_alive = parser.keep_alive() && connection.buffer.size() == 0;
        co_return std::move(parser.response());
    }
}

}  // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
public:
    Impl(asio::any_io_executor loop, ClientOptions options)
        : loop_(std::move(loop)),
          options_(options),
          pool_(options.connections_per_origin),
          sweeper_(loop_) {}

    static asio::awaitable<Sent> send(
        std::shared_ptr<Impl> self,
        BaseUrl base,
        std::string partition,
        Request request,
        std::chrono::milliseconds deadline
    );
    void close();

private:
    using TimePoint = std::chrono::steady_clock::time_point;
    class Busy;

    asio::awaitable<std::optional<std::string>> open(
        Connection& connection, const BaseUrl& base, Watch& watch
    );
    asio::awaitable<Sent> exchange(
        Connection& connection,
        std::string_view head,
        const Request& request,
        Watch& watch,
        Attempt& attempt
    );
    void give_back(Origin& origin, std::unique_ptr<Connection> connection);
    void sweep_later();

    asio::any_io_executor loop_;
    ClientOptions options_;
    Pool pool_;
    asio::steady_timer sweeper_;
    bool sweeping_ = false;
    std::optional<asio::ssl::context>
        tls_;  // made when first needed: reading the system's roots is slow
    std::unordered_set<Connection*> busy_;
};

/// A connection in use is known to close().
class Client::Impl::Busy {
public:
    Busy(Impl& impl, Connection& connection) : impl_(impl), connection_(connection) {
        impl_.busy_.insert(&connection_);
    }
    ~Busy() { impl_.busy_.erase(&connection_); }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    Impl& impl_;
    Connection& connection_;
};

asio::awaitable<Sent> Client::Impl::send(
    std::shared_ptr<Impl> self,
    BaseUrl base,
    std::string partition,
    Request request,
    std::chrono::milliseconds deadline
) {
    const auto head = request_head(base, request);
    if (!head) co_return failed(Kind::not_sent, "the request is not well formed");
    Watch watch(self->loop_, std::chrono::steady_clock::now() + deadline);
    const auto origin = self->pool_.origin(base, partition);
    const auto permit = co_await origin->gate->enter(watch.end());
    if (!permit) co_return failed(Kind::not_sent, "no free connection to " + base.str());

    for (;;) {
        auto connection = origin->take(self->options_.idle_timeout);
        const bool pooled = connection != nullptr;
        if (!pooled) connection = std::make_unique<Connection>(self->loop_);
        const Busy busy(*self, *connection);
        watch.aborts([raw = connection.get()] { raw->close(); });
        if (!pooled) {
            auto fault = co_await self->open(*connection, base, watch);
            if (fault) co_return failed(Kind::not_sent, std::move(*fault));
        }
        Attempt attempt;
        auto sent = co_await self->exchange(*connection, *head, request, watch, attempt);
        watch.aborts(nullptr);
        if (sent && attempt.reusable) self->give_back(*origin, std::move(connection));
        // The pooled connection died between the look at it and the first byte: another one is as
        // good.
        const bool again = !sent && pooled && attempt.handed == 0 && !watch.expired();
        if (!again) co_return std::move(sent);
    }
}

asio::awaitable<std::optional<std::string>> Client::Impl::open(
    Connection& connection, const BaseUrl& base, Watch& watch
) {
    if (base.tls && !tls_) tls_ = make_tls();
    const auto end =
        std::min(watch.end(), std::chrono::steady_clock::now() + options_.connect_timeout);
    Watch connecting(loop_, end);
    connecting.aborts([&connection] { connection.close(); });
    auto fault =
        co_await connection.open(base, base.tls ? &*tls_ : nullptr, options_.verify_tls, end);
    if (connecting.expired() || watch.expired()) {
        co_return "connect to " + base.str() + ": timed out";
    }
    co_return fault;
}

asio::awaitable<Sent> Client::Impl::exchange(
    Connection& connection,
    std::string_view head,
    const Request& request,
    Watch& watch,
    Attempt& attempt
) {
    error_code error;
    attempt.handed = co_await connection.write(head, request.body, error);
    if (attempt.handed == 0) co_return failed(Kind::not_sent, "write: " + error.message());
    // After a failed write there may still be an answer to read: a refusal, sent before the body
    // was read.
    bool keep_alive = false;
    auto sent = co_await read_response(
        connection, options_.response_limit, request.method == "HEAD", keep_alive
    );
    attempt.reusable = keep_alive && !error && connection.is_open();
    if (!sent && watch.expired() && sent.error().kind == Kind::lost) {
        co_return failed(Kind::timed_out, "no complete answer in time");
    }
    co_return sent;
}

void Client::Impl::give_back(Origin& origin, std::unique_ptr<Connection> connection) {
    connection->idle_since = std::chrono::steady_clock::now();
    origin.idle.push_back(std::move(connection));
    if (!sweeping_) sweep_later();
}

void Client::Impl::sweep_later() {
    sweeping_ = true;
    sweeper_.expires_after(std::clamp(
        options_.idle_timeout / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(5000)
    ));
    sweeper_.async_wait([weak = weak_from_this()](error_code cancelled) {
        const auto self = weak.lock();
        if (!self) return;
        self->sweeping_ = false;
        if (!cancelled && self->pool_.sweep(self->options_.idle_timeout)) self->sweep_later();
    });
}

void Client::Impl::close() {
    pool_.close();
    for (Connection* connection : busy_) connection->close();
    sweeper_.cancel();
}

Client::Client(asio::any_io_executor loop, ClientOptions options)
    : impl_(std::make_shared<Impl>(std::move(loop), options)) {}

Client::~Client() {
    impl_->close();
}

asio::awaitable<Sent> Client::send(
    BaseUrl base, std::string partition, Request request, std::chrono::milliseconds deadline
) {
    return Impl::send(impl_, std::move(base), std::move(partition), std::move(request), deadline);
}

void Client::close() {
    impl_->close();
}

}  // namespace vitrine::net
