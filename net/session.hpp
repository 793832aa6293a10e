#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <limits>
#include <optional>

#include "net/request_parser.hpp"
#include "net/response_head.hpp"
#include "net/worker.hpp"

namespace vitrine::net {

/// One connection: reads a request, has it answered, writes the answer, and again.
///
/// Concurrency: all on the loop of its worker. The worker's sweep may cancel a pending read or
/// write between two steps; the step then fails and the session ends.
class Session {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Session(std::shared_ptr<Worker> worker, Socket socket, std::string remote, Counted counted);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    static asio::awaitable<void> run(std::shared_ptr<Session> self);

    /// The server drains: an idle connection closes, one that waits for its peer does so soon.
    void hurry();
    void cut();
    void check_deadline(TimePoint now);

    std::size_t place = 0;  // in the worker's list; the worker's own

private:
    enum class Incoming { request, refused, ended };

    asio::awaitable<void> serve();
    asio::awaitable<bool> handshake(ServerTls tls);
    asio::awaitable<Incoming> read_request();
    asio::awaitable<Incoming> read_header();
    asio::awaitable<Incoming> read_body();
    asio::awaitable<bool> write(Response response, After after);
    asio::awaitable<bool> write_stream(Response response, bool chunked);
    asio::awaitable<bool> write_rest(std::string_view head, std::string_view body);
    asio::awaitable<bool> write_tls(std::string_view head, std::string_view body);
    asio::awaitable<void> linger();
    asio::awaitable<void> end_tls();
    asio::awaitable<bool> rest_until_first_byte();
    asio::awaitable<bool> fill(std::size_t room);

    class StreamWriter;

    Incoming refuse(Refusal reason);
    bool skip_empty_lines();
    std::string_view buffered() const;
    void allow(std::chrono::milliseconds time);
    void allow_write();
    /// As allow, for a step that only the peer can end: less while the server drains.
    void await_peer(std::chrono::milliseconds time);

    Counted service_;  // first: counted until the socket is closed
    std::shared_ptr<Worker> worker_;
    Socket socket_;
    std::unique_ptr<asio::ssl::stream<Socket&>> tls_;  // nullptr: plain
    std::string remote_;
    boost::beast::flat_buffer buffer_;
    std::optional<RequestParser> parser_;
    std::string out_;
    Refusal refusal_{};
    TimePoint deadline_ = TimePoint::max();
    bool idle_ = false;     // waiting for the first byte of a request
    bool expired_ = false;  // the pending step was cancelled by its deadline
    bool head_only_ = false;
    bool awaits_peer_ = false;  // in the pending step
    bool streams_ = false;      // a body without end: nobody waits for its last part
};

}  // namespace vitrine::net
