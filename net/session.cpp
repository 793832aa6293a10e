#include "net/session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <utility>

namespace vitrine::net {
namespace {

using boost::system::error_code;
namespace http = boost::beast::http;

constexpr std::size_t header_room = 4UL * 1024;
constexpr std::size_t head_room = 512;  // of an answer, mostly
constexpr std::size_t body_room = 64UL * 1024;
// up to this a copy is cheaper than a second buffer
constexpr std::size_t copied_body = 16UL * 1024;
constexpr std::size_t framing_room = 16UL * 1024;  // chunk headers and trailers

// After a second without a request a connection is taken to be idle for long.
constexpr std::chrono::milliseconds brief{1000};

}  // namespace

Session::Session(std::shared_ptr<Worker> worker, Socket socket, std::string remote, Counted counted)
    : service_(std::move(counted)),
      worker_(std::move(worker)),
      socket_(std::move(socket)),
      remote_(std::move(remote)) {
    worker_->enter(*this);
}

Session::~Session() {
    worker_->leave(*this);
}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self) {
    try {
        co_await self->serve();
    } catch (const std::exception&) {
        // The handler's, or memory: the connection closes, as the header says.
        self->cut();
    }
}

void Session::hurry() {
    error_code ignored;
    if (idle_ && buffer_.size() == 0 && socket_.available(ignored) == 0) socket_.cancel(ignored);
    if (awaits_peer_) deadline_ = std::min(deadline_, service_->patience_end.load());
}

void Session::cut() {
    error_code ignored;
    socket_.close(ignored);
}

void Session::check_deadline(TimePoint now) {
    if (now < deadline_) return;
    deadline_ = TimePoint::max();
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Session::allow(std::chrono::milliseconds time) {
    deadline_ = std::chrono::steady_clock::now() + time;
    expired_ = false;
    awaits_peer_ = false;
}

void Session::allow_write() {
    const auto time = service_->options.write_timeout;
    streams_ ? await_peer(time) : allow(time);
}

void Session::await_peer(std::chrono::milliseconds time) {
    allow(time);
    awaits_peer_ = true;
    deadline_ = std::min(deadline_, service_->patience_end.load());
}

std::string_view Session::buffered() const {
    const auto data = buffer_.data();
    return {static_cast<const char*>(data.data()), data.size()};
}

asio::awaitable<void> Session::serve() {
    error_code error;
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    socket_.non_blocking(true, error);
    if (auto tls = service_->tls(); tls && !co_await handshake(std::move(tls))) co_return;
    while (!error) {
        const Incoming incoming = co_await read_request();
        deadline_ = TimePoint::max();
        awaits_peer_ = false;
        if (incoming == Incoming::ended) co_return co_await end_tls();
        parser_->request().remote = remote_;
        if (incoming == Incoming::refused) {
            Response answer = service_->refusal(refusal_, parser_->request());
            if (co_await write(std::move(answer), After::close)) co_await linger();
            co_return;
        }
        const bool keep_alive = parser_->keep_alive();
        const bool explicitly = !parser_->http_1_1();
        Response response = co_await service_->handler(std::move(parser_->request()));
        if (response.drop) {
            socket_.set_option(asio::socket_base::linger(true, 0), error);
            cut();
            co_return;
        }
        if (response.stream) {
            if (co_await write_stream(std::move(response), !explicitly)) co_await linger();
            co_return;
        }
        After after = explicitly ? After::keep_explicitly : After::keep;
        if (!keep_alive || response.close || service_->draining) after = After::close;
        if (!co_await write(std::move(response), after)) co_return;
        if (after == After::close) {
            co_await linger();
            co_return;
        }
    }
}

asio::awaitable<bool> Session::handshake(ServerTls tls) {
    tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, *tls);
    idle_ = true;  // nothing is asked yet
    await_peer(service_->options.handshake_timeout);
    error_code error;
    co_await tls_->async_handshake(
        asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error)
    );
    co_return !error;
}

Session::Incoming Session::refuse(Refusal reason) {
    refusal_ = reason;
    return Incoming::refused;
}

asio::awaitable<Session::Incoming> Session::read_request() {
    parser_.emplace(service_->options.body_limit);
    head_only_ = false;
    const Incoming header = co_await read_header();
    if (header != Incoming::request) co_return header;
    head_only_ = parser_->request().method == "HEAD";
    if (parser_->refusable()) co_return refuse(Refusal::malformed);
    if (parser_->is_done()) co_return Incoming::request;
    co_return co_await read_body();
}

/// Before a request (RFC 9112 §2.2). True: there were some.
bool Session::skip_empty_lines() {
    const auto before = buffer_.size();
    while (buffered().starts_with("\r\n")) buffer_.consume(2);
    return buffer_.size() != before;
}

asio::awaitable<Session::Incoming> Session::read_header() {
    const ServerOptions& options = service_->options;
    skip_empty_lines();
    idle_ = buffer_.size() == 0;
    if (idle_ && service_->draining) co_return Incoming::ended;
    // Of TLS the first byte may already be with OpenSSL: the socket would not tell.
    bool may_rest = idle_ && !tls_;
    const auto pause = std::min(brief, options.idle_timeout / 2);
    await_peer(may_rest ? pause : idle_ ? options.idle_timeout : options.header_timeout);
    HeaderScan scan;
    for (;;) {
        scan = scan_header(buffered(), scan.resume);
        if (scan.state != HeaderScan::State::incomplete) break;
        if (buffer_.size() > options.header_limit) co_return refuse(Refusal::header_too_large);
        if (!co_await fill(header_room)) {
            if (expired_ && std::exchange(may_rest, false) && !service_->draining) {
                await_peer(options.idle_timeout - pause);
                if (!co_await rest_until_first_byte()) co_return Incoming::ended;
                continue;
            }
            const bool late = expired_ && !idle_;
            co_return late ? refuse(Refusal::timed_out) : Incoming::ended;
        }
        if (idle_) {
            idle_ = may_rest = false;
            await_peer(options.header_timeout);
        }
        if (skip_empty_lines()) scan = {};
    }
    if (scan.resume > options.header_limit) co_return refuse(Refusal::header_too_large);
    if (scan.state == HeaderScan::State::folded) co_return refuse(Refusal::malformed);
    error_code error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (error || !parser_->is_header_done()) co_return refuse(Refusal::malformed);
    co_return Incoming::request;
}

asio::awaitable<Session::Incoming> Session::read_body() {
    const ServerOptions& options = service_->options;
    if (parser_->expects_continue() && buffer_.size() == 0) {
        if (parser_->too_large()) co_return refuse(Refusal::body_too_large);
        if (!co_await write_rest("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return Incoming::ended;
    }
    await_peer(options.body_timeout);
    bool discarding = false;
    parser_->eager(true);
    for (;;) {
        error_code error;
        if (buffer_.size() > 0) buffer_.consume(parser_->put(buffer_.data(), error));
        if (error == http::error::need_more) error = {};
        if (parser_->too_large() && !discarding) {
            discarding = true;
            await_peer(options.discard_time);
        }
        const bool finished = error || parser_->is_done();
        if (discarding && (finished || parser_->received() > options.discard_bytes)) {
            co_return refuse(Refusal::body_too_large);
        }
        if (error) co_return refuse(Refusal::malformed);
        if (finished) co_return Incoming::request;
        if (buffer_.size() > framing_room) co_return refuse(Refusal::malformed);
        const auto expected = parser_->content_length_remaining().value_or(framing_room);
        if (!co_await fill(std::clamp<std::uint64_t>(expected, header_room, body_room))) {
            if (!expired_) co_return Incoming::ended;
            co_return refuse(discarding ? Refusal::body_too_large : Refusal::timed_out);
        }
    }
}

/// Connections that are idle for long are many: they keep no room for what was, nor for what will
/// be.
asio::awaitable<bool> Session::rest_until_first_byte() {
    buffer_.shrink_to_fit();
    std::string().swap(out_);
    error_code error;
    co_await socket_.async_wait(
        Socket::wait_read, asio::redirect_error(asio::use_awaitable, error)
    );
    co_return !error;
}

asio::awaitable<bool> Session::fill(std::size_t room) {
    error_code error;
    const auto space = buffer_.prepare(room);
    std::size_t got = 0;
    if (tls_) {
        got =
            co_await tls_->async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
    } else {
        got = co_await socket_.async_read_some(
            space, asio::redirect_error(asio::use_awaitable, error)
        );
    }
    buffer_.commit(got);
    co_return !error;
}

asio::awaitable<bool> Session::write(Response response, After after) {
    out_.clear();
    out_.reserve(head_room + std::min(response.body.size(), copied_body));
    write_head(response, after, out_);
    std::string_view body = response.body;
    if (head_only_ || !has_body(response.status)) body = {};
    if (body.size() <= copied_body) {
        out_ += body;
        body = {};
    }
    co_return co_await write_rest(out_, body);
}

/// Frames the parts of a streamed body: chunked, or as they are for HTTP/1.0.
class Session::StreamWriter : public BodyWriter {
public:
    StreamWriter(Session& session, bool chunked) : session_(session), chunked_(chunked) {}

    asio::awaitable<bool> write(std::string_view part) override {
        if (part.empty() || failed_) co_return !failed_;
        if (session_.service_->draining) co_return false;
        if (!chunked_) {
            failed_ = !co_await session_.write_rest(part, {});
            co_return !failed_;
        }
        char size[20];
        const auto end = std::to_chars(size, size + sizeof size, part.size(), 16).ptr;
        session_.out_.assign(size, end).append("\r\n").append(part).append("\r\n");
        failed_ = !co_await session_.write_rest(session_.out_, {});
        co_return !failed_;
    }

    asio::awaitable<bool> finish() {
        if (chunked_ && !failed_) failed_ = !co_await session_.write_rest("0\r\n\r\n", {});
        co_return !failed_;
    }

private:
    Session& session_;
    bool chunked_;
    bool failed_ = false;
};

/// False: the connection is broken.
asio::awaitable<bool> Session::write_stream(Response response, bool chunked) {
    out_.clear();
    write_head(response, chunked ? After::close_chunked : After::close, out_);
    if (!co_await write_rest(out_, {})) co_return false;
    if (head_only_) co_return true;
    streams_ = true;
    StreamWriter writer(*this, chunked);
    co_await response.stream(writer);
    co_return co_await writer.finish();
}

asio::awaitable<bool> Session::write_rest(std::string_view head, std::string_view body) {
    if (tls_) co_return co_await write_tls(head, body);
    // Nearly always the kernel takes it all at once, without a way through the loop.
    std::array<asio::const_buffer, 2> buffers{
        asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())
    };
    error_code error;
    std::size_t sent = body.empty() ? socket_.write_some(asio::buffer(buffers[0]), error)
                                    : socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block) co_return false;
    if (sent == head.size() + body.size()) co_return true;
    allow_write();
    for (auto& buffer : buffers) {
        const std::size_t part = std::min(sent, buffer.size());
        buffer += part;
        sent -= part;
    }
    co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
    deadline_ = TimePoint::max();
    co_return !error;
}

asio::awaitable<bool> Session::write_tls(std::string_view head, std::string_view body) {
    const std::array<asio::const_buffer, 2> buffers{
        asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())
    };
    error_code error;
    allow_write();
    co_await asio::async_write(*tls_, buffers, asio::redirect_error(asio::use_awaitable, error));
    deadline_ = TimePoint::max();
    co_return !error;
}

/// Says that no more will come, so that the peer can tell an end from a cut (RFC 8446 §6.1).
asio::awaitable<void> Session::end_tls() {
    if (!tls_) co_return;
    await_peer(service_->options.discard_time);
    error_code ignored;
    co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Session::linger() {
    // Closing with unread input resets the connection, and the peer may lose the answer before
    // reading it (RFC 9112 §9.6): so say that we are done, and read until the peer is, within
    // bounds.
    co_await end_tls();
    tls_.reset();  // what still comes is read as it is, and thrown away
    error_code error;
    socket_.shutdown(asio::socket_base::shutdown_send, error);
    await_peer(service_->options.discard_time);
    std::uint64_t discarded = 0;
    while (!error && discarded <= service_->options.discard_bytes) {
        buffer_.clear();
        if (!co_await fill(body_room)) break;
        discarded += buffer_.size();
    }
}

}  // namespace vitrine::net
