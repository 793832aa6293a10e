#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/client.hpp"
#include "net/server.hpp"

namespace vitrine::net::testing {

using asio::ip::tcp;
using boost::system::error_code;

/// A loop with its thread. Everything given to it must be gone or cancelled before the end.
class LoopThread {
public:
    LoopThread() : work_(asio::make_work_guard(loop_)), thread_([this] { loop_.run(); }) {}
    ~LoopThread() { stop(); }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    asio::io_context& loop() { return loop_; }
    void stop() {
        work_.reset();
        loop_.stop();
        if (thread_.joinable()) thread_.join();
    }

private:
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::thread thread_;
};

/// Answers of the server's own: the status alone tells which refusal it was.
inline Response refusal_answer(Refusal refusal, const Request&) {
    Response response;
    switch (refusal) {
        case Refusal::malformed:
            response.status = 400;
            break;
        case Refusal::body_too_large:
            response.status = 413;
            break;
        case Refusal::header_too_large:
            response.status = 431;
            break;
        case Refusal::timed_out:
            response.status = 408;
            break;
    }
    response.body = "refused";
    return response;
}

/// Says what it was asked: "METHOD target body".
inline asio::awaitable<Response> echo(Request request) {
    Response response;
    response.body = request.method + " " + request.target + " " + request.body;
    co_return response;
}

class TestServer {
public:
    explicit TestServer(Handler handler = echo, ServerOptions options = {}, std::size_t loops = 1) {
        std::vector<asio::io_context*> contexts;
        for (std::size_t i = 0; i < loops; ++i) {
            threads_.push_back(std::make_unique<LoopThread>());
            contexts.push_back(&threads_.back()->loop());
        }
        server_.emplace(contexts, std::move(options), std::move(handler), refusal_answer);
    }
    ~TestServer() {
        drain(std::chrono::milliseconds(0)).wait();
        server_.reset();
        for (auto& thread : threads_) thread->stop();
    }

    Server& server() { return *server_; }
    asio::io_context& loop() { return threads_.front()->loop(); }
    std::future<void> drain(std::chrono::milliseconds limit) {
        auto done = std::make_shared<std::promise<void>>();
        auto future = done->get_future();
        server_->drain(limit, [done] { done->set_value(); });
        return future;
    }
    BaseUrl url() const {
        BaseUrl base;
        base.host = "127.0.0.1";
        base.port = server_->port();
        return base;
    }

private:
    std::vector<std::unique_ptr<LoopThread>> threads_;
    std::optional<Server> server_;
};

/// A client that sends exactly the bytes it is told to.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(context_) {
        socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
        // So that a broken server fails a test instead of holding it for ever.
        const timeval patience{20, 0};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }

    bool send(std::string_view text) {
        error_code error;
        asio::write(socket_, asio::buffer(text.data(), text.size()), error);
        return !error;
    }

    /// Until the peer closes. `error` of the last read: eof, or reset.
    std::string read_all() {
        while (read_some()) continue;
        return std::exchange(in_, {});
    }

    /// Something, as soon as there is anything.
    std::string read_part() {
        read_some();
        return std::exchange(in_, {});
    }

    /// One answer whose body has a Content-Length, header included; what follows is kept for the
    /// next call.
    std::string read_answer(bool head_only = false) {
        std::size_t end = 0;
        while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
            if (!read_some()) return std::exchange(in_, {});
        }
        end += 4;
        const auto at = in_.find("Content-Length: ");
        if (at < end && !head_only) end += std::stoul(in_.substr(at + 16));
        while (in_.size() < end) {
            if (!read_some()) return std::exchange(in_, {});
        }
        std::string answer = in_.substr(0, end);
        in_.erase(0, end);
        return answer;
    }

    std::string ask(std::string_view text) {
        send(text);
        return read_answer();
    }

    error_code error() const { return error_; }
    tcp::socket& socket() { return socket_; }

private:
    bool read_some() {
        char part[4096];
        const std::size_t got = socket_.read_some(asio::buffer(part), error_);
        in_.append(part, got);
        return !error_;
    }

    asio::io_context context_;
    tcp::socket socket_;
    std::string in_;
    error_code error_;
};

inline std::string status_of(const std::string& answer) {
    return answer.size() < 12 ? answer : answer.substr(9, 3);
}

inline std::string body_of(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// A server that follows a script: one step per connection it accepts, on a thread of its own.
class ScriptedServer {
public:
    using Step = std::function<void(tcp::socket&)>;

    explicit ScriptedServer(std::vector<Step> steps)
        : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          thread_([this, steps = std::move(steps)] {
              for (const Step& step : steps) {
                  error_code error;
                  tcp::socket socket(context_);
                  acceptor_.accept(socket, error);
                  if (error) return;
                  ++accepted_;
                  step(socket);
              }
          }) {}
    ~ScriptedServer() {
        shutdown(acceptor_.native_handle(), SHUT_RDWR);
        thread_.join();
    }

    int accepted() const { return accepted_; }
    BaseUrl url() const {
        BaseUrl base;
        base.host = "127.0.0.1";
        base.port = acceptor_.local_endpoint().port();
        return base;
    }

    static std::string read_request(tcp::socket& socket) {
        std::string text;
        char byte = 0;
        error_code error;
        while (!text.ends_with("\r\n\r\n")) {
            if (asio::read(socket, asio::buffer(&byte, 1), error) == 0) break;
            text += byte;
        }
        return text;
    }

    static void wait_for_end(tcp::socket& socket) {
        error_code error;
        char part[4096];
        while (!error) socket.read_some(asio::buffer(part), error);
    }

private:
    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::atomic<int> accepted_ = 0;
    std::thread thread_;
};

/// Runs the loop until the coroutine is done, and gives its result.
template <class T>
T run(asio::io_context& loop, asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr failure;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, T value) {
        failure = error;
        result = std::move(value);
    });
    loop.restart();
    while (!result) loop.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

}  // namespace vitrine::net::testing
