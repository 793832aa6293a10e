#include <openssl/pem.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/net/identity.hpp"
#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

namespace {

/// A file that OpenSSL takes for the system's roots while this lives.
struct TrustedRoot {
    explicit TrustedRoot(const Identity& identity)
        : path(
              std::filesystem::temp_directory_path() /
              ("vitrine-root-" + std::to_string(getpid()) + ".pem")
          ) {
        std::FILE* file = std::fopen(path.c_str(), "w");
        PEM_write_X509(file, identity.certificate);
        std::fclose(file);
        setenv("SSL_CERT_FILE", path.c_str(), 1);
    }
    ~TrustedRoot() {
        unsetenv("SSL_CERT_FILE");
        std::filesystem::remove(path);
    }
    TrustedRoot(const TrustedRoot&) = delete;
    TrustedRoot& operator=(const TrustedRoot&) = delete;

    std::filesystem::path path;
};

/// Answers every request on one TLS connection.
ScriptedServer::Step answering_tls(const Identity& identity) {
    return [&identity](tcp::socket& socket) {
        asio::ssl::context context(asio::ssl::context::tls_server);
        SSL_CTX_use_certificate(context.native_handle(), identity.certificate);
        SSL_CTX_use_PrivateKey(context.native_handle(), identity.key);
        asio::ssl::stream<tcp::socket&> stream(socket, context);
        error_code error;
        stream.handshake(asio::ssl::stream_base::server, error);
        std::string text;
        char byte = 0;
        while (!error) {
            asio::read(stream, asio::buffer(&byte, 1), error);
            text += byte;
            if (!text.ends_with("\r\n\r\n")) continue;
            const auto* name =
                SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
            const std::string body = name == nullptr ? "none" : name;
            const std::string answer =
                "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body;
            asio::write(stream, asio::buffer(answer), error);
            text.clear();
        }
    };
}

std::expected<Response, TransportError> ask(
    const ScriptedServer& server, const std::string& host, bool verify = true, int times = 1
) {
    asio::io_context loop;
    ClientOptions options;
    options.verify_tls = verify;
    Client client(loop.get_executor(), options);
    auto base = server.url();
    base.tls = true;
    base.host = host;
    std::expected<Response, TransportError> sent;
    while (times-- > 0) {
        Request request;
        request.method = "GET";
        request.target = "/";
        sent = run(loop, client.send(base, "p", request, std::chrono::seconds(20)));
    }
    return sent;
}

}  // namespace

TEST_CASE("a certificate of a trusted root and the right name is accepted, once per connection") {
    const Identity identity("localhost");
    const TrustedRoot root(identity);
    ScriptedServer server({answering_tls(identity)});
    const auto sent = ask(server, "localhost", true, 3);
    REQUIRE(sent);
    CHECK(sent->body == "localhost");  // the name that the server was asked for
    CHECK(server.accepted() == 1);
}

TEST_CASE("a certificate for another name is refused, and nothing was sent") {
    const Identity identity("other.example");
    const TrustedRoot root(identity);
    ScriptedServer server({answering_tls(identity)});
    const auto sent = ask(server, "localhost");
    REQUIRE_FALSE(sent);
    CHECK(sent.error().kind == TransportError::Kind::not_sent);
}

TEST_CASE("a certificate that nobody vouches for is refused, unless verification is off") {
    const Identity identity("localhost");
    ScriptedServer server({answering_tls(identity), answering_tls(identity)});
    const auto refused = ask(server, "localhost");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == TransportError::Kind::not_sent);
    CHECK(ask(server, "localhost", false));
}

TEST_CASE("a peer that does not speak TLS is not_sent") {
    ScriptedServer server({[](tcp::socket& socket) {
        error_code error;
        asio::write(socket, asio::buffer("HTTP/1.1 400 Bad Request\r\n\r\n", 28), error);
        ScriptedServer::wait_for_end(socket);
    }});
    const auto sent = ask(server, "127.0.0.1");
    REQUIRE_FALSE(sent);
    CHECK(sent.error().kind == TransportError::Kind::not_sent);
}

TEST_CASE("a peer that never finishes the handshake costs the connect timeout, and nothing was sent"
) {
    ScriptedServer server({[](tcp::socket& socket) { ScriptedServer::wait_for_end(socket); }});
    asio::io_context loop;
    ClientOptions options;
    options.connect_timeout = std::chrono::milliseconds(40);
    Client client(loop.get_executor(), options);
    auto base = server.url();
    base.tls = true;
    Request request;
    request.method = "GET";
    request.target = "/";
    const auto sent = run(loop, client.send(base, "p", request, std::chrono::seconds(20)));
    REQUIRE_FALSE(sent);
    CHECK(sent.error().kind == TransportError::Kind::not_sent);
}
