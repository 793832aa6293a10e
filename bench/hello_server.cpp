// The raw limit of an HTTP answer on one thread: a Beast server that does nothing but answer a
// fixed JSON of about 1 KB, without timeouts or limits. `--server vitrine` answers the same through
// net::Server, for the comparison.

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "net/server.hpp"
#include "net/server_tls.hpp"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

std::string hello_json(std::size_t size) {
    std::string text = R"({"hello":")";
    text.append(size - text.size() - 2, 'x');
    return text + "\"}";
}

using Answer = http::response<http::string_body>;

class BeastSession : public std::enable_shared_from_this<BeastSession> {
public:
    BeastSession(Socket socket, const Answer& answer)
        : socket_(std::move(socket)), answer_(answer) {}

    void read() {
        request_ = {};
        http::async_read(
            socket_,
            buffer_,
            request_,
            [self = shared_from_this()](error_code error, std::size_t) {
                if (!error) self->write();
            }
        );
    }

private:
    void write() {
        http::async_write(
            socket_,
            answer_,
            [self = shared_from_this()](error_code error, std::size_t) {
                if (!error) self->read();
            }
        );
    }

    Socket socket_;
    boost::beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    const Answer& answer_;
};

void accept(Acceptor& acceptor, const Answer& answer) {
    acceptor.async_accept([&](error_code error, Socket socket) {
        if (error) return;
        socket.set_option(asio::ip::tcp::no_delay(true), error);
        std::make_shared<BeastSession>(std::move(socket), answer)->read();
        accept(acceptor, answer);
    });
}

asio::awaitable<vitrine::net::Response> hello(std::string body) {
    vitrine::net::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    co_return response;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("A server that answers the same JSON to everything.");
    std::uint16_t port = 0;
    std::size_t size = 1024;
    std::string server = "beast";
    std::filesystem::path certificate, key;
    app.add_option("--port", port, "of 127.0.0.1; 0: any")->capture_default_str();
    app.add_option("--bytes", size, "of the body")->capture_default_str();
    app.add_option("--server", server)
        ->check(CLI::IsMember({"beast", "vitrine"}))
        ->capture_default_str();
    app.add_option("--tls-certificate", certificate, "with --server vitrine");
    app.add_option("--tls-key", key);
    CLI11_PARSE(app, argc, argv);

    asio::io_context loop(1);
    const std::string body = hello_json(size);
    Answer answer(http::status::ok, 11);
    answer.set(http::field::content_type, "application/json");
    answer.body() = body;
    answer.prepare_payload();

    Acceptor acceptor(loop);
    std::optional<vitrine::net::Server> ours;
    if (server == "vitrine") {
        vitrine::net::ServerOptions options;
        options.port = port;
        if (!certificate.empty()) {
            auto tls = vitrine::net::load_server_tls(certificate, key);
            if (!tls) throw std::runtime_error(tls.error());
            options.tls = *std::move(tls);
        }
        ours.emplace(
            std::vector{&loop},
            options,
            [&body](const vitrine::net::Request&) { return hello(body); },
            [](vitrine::net::Refusal, const vitrine::net::Request&) {
                return vitrine::net::Response();
            }
        );
        port = ours->port();
    } else {
        const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
        acceptor.open(endpoint.protocol());
        acceptor.set_option(asio::socket_base::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen();
        port = acceptor.local_endpoint().port();
        accept(acceptor, answer);
    }
    std::cout << port << std::endl;

    asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](error_code, int) { loop.stop(); });
    loop.run();
}
