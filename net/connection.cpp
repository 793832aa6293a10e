#include "net/connection.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/error_words.hpp"
#include "net/resolve.hpp"

namespace vitrine::net {
namespace {

using boost::system::error_code;

bool is_address(const std::string& host) {
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    return !not_an_address;
}

std::vector<asio::ip::address> addresses_of(const std::vector<asio::ip::tcp::endpoint>& endpoints) {
    std::vector<asio::ip::address> addresses;
    for (const auto& endpoint : endpoints) addresses.push_back(endpoint.address());
    return addresses;
}

}  // namespace

Connection::Connection(const asio::any_io_executor& loop) : socket_(loop) {}

asio::awaitable<std::optional<Phrase>> Connection::open(
    BaseUrl base, asio::ssl::context* tls, const ClientOptions* options, TimePoint end
) {
    auto endpoints = co_await resolve(base.host, base.port, end);
    if (closed_) endpoints = std::unexpected(error_code(asio::error::operation_aborted));
    if (!endpoints) {
        co_return phrase(
            "look up the host: {}", "procurar o host: {}", words_of(endpoints.error())
        );
    }
    if (options->admits && !options->admits(addresses_of(*endpoints))) {
        co_return Phrase(
            "the host's address is not one that may be called",
            "o endereço do host não é um que se possa chamar"
        );
    }
    error_code error;
    co_await asio::async_connect(
        socket_, *endpoints, asio::redirect_error(asio::use_awaitable, error)
    );
    if (error) co_return phrase("connect: {}", "conectar: {}", words_of(error));
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    socket_.non_blocking(true, error);
    if (error) co_return phrase("connect: {}", "conectar: {}", words_of(error));
    if (tls == nullptr) co_return std::nullopt;
    co_return co_await handshake(base.host, tls, options->verify_tls);
}

asio::awaitable<std::optional<Phrase>> Connection::handshake(
    std::string host, asio::ssl::context* context, bool verify
) {
    tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, *context);
    error_code error;
    if (verify) {
        tls_->set_verify_mode(asio::ssl::verify_peer, error);
        tls_->set_verify_callback(asio::ssl::host_name_verification(host), error);
    } else {
        tls_->set_verify_mode(asio::ssl::verify_none, error);
    }
    // Server Name Indication carries names only (RFC 6066 §3).
    if (!is_address(host)) SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());
    if (!error) {
        co_await tls_->async_handshake(
            asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error)
        );
    }
    if (error) co_return phrase("TLS: {}", "TLS: {}", words_of(error));
    co_return std::nullopt;
}

asio::awaitable<Written> Connection::write(std::string_view head, std::string_view body) {
    std::array<asio::const_buffer, 2> buffers{
        asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())
    };
    Written written;
    if (tls_) {
        written.handed = head.size() + body.size();
        co_await asio::async_write(
            *tls_, buffers, asio::redirect_error(asio::use_awaitable, written.error)
        );
        co_return written;
    }
    // Nearly always the kernel takes it all at once, without a way through the loop.
    written.handed = socket_.write_some(buffers, written.error);
    if (written.error == asio::error::would_block) written.error = {};
    if (written.error || written.handed == head.size() + body.size()) co_return written;
    std::size_t skip = written.handed;
    for (auto& rest : buffers) {
        const std::size_t part = std::min(skip, rest.size());
        rest += part;
        skip -= part;
    }
    written.handed += co_await asio::async_write(
        socket_, buffers, asio::redirect_error(asio::use_awaitable, written.error)
    );
    co_return written;
}

asio::awaitable<error_code> Connection::read(std::size_t room) {
    error_code error;
    std::size_t got = 0;
    if (tls_) {
        got = co_await tls_->async_read_some(
            buffer.prepare(room), asio::redirect_error(asio::use_awaitable, error)
        );
    } else {
        got = co_await socket_.async_read_some(
            buffer.prepare(room), asio::redirect_error(asio::use_awaitable, error)
        );
    }
    buffer.commit(got);
    co_return error;
}

bool Connection::usable() {
    if (!socket_.is_open()) return false;
    // What could be read now is the end, or bytes that belong to no call.
    char byte = 0;
    const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Connection::close() {
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace vitrine::net
