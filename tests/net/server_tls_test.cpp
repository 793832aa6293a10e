#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <thread>

#include "tests/net/identity.hpp"
#include "tests/net/support.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::net;
using namespace vitrine::net::testing;

namespace {

constexpr std::string_view request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

ServerTls shows(const Identity& identity) {
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(tls->native_handle(), identity.certificate);
    SSL_CTX_use_PrivateKey(tls->native_handle(), identity.key);
    return tls;
}

ServerOptions options_with(const Identity& identity) {
    ServerOptions options;
    options.tls = shows(identity);
    return options;
}

/// A client that trusts everybody and says whom it has met.
class TlsClient {
public:
    explicit TlsClient(std::uint16_t port)
        : context_(asio::ssl::context::tls_client), stream_(loop_, context_) {
        stream_.next_layer().connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
        stream_.handshake(asio::ssl::stream_base::client, error_);
    }

    /// The status of the answer, or what was told instead.
    std::string ask() {
        if (!error_) asio::write(stream_, asio::buffer(request), error_);
        char answer[1024];
        const auto got = error_ ? 0 : stream_.read_some(asio::buffer(answer), error_);
        return error_ ? error_.message() : status_of({answer, got});
    }

    std::string met() {
        auto* certificate = SSL_get1_peer_certificate(stream_.native_handle());
        if (certificate == nullptr) return "nobody";
        char name[256];
        X509_NAME_get_text_by_NID(
            X509_get_subject_name(certificate), NID_commonName, name, sizeof name
        );
        X509_free(certificate);
        return name;
    }

private:
    asio::io_context loop_;
    asio::ssl::context context_;
    asio::ssl::stream<tcp::socket> stream_;
    error_code error_;
};

}  // namespace

TEST_CASE("a new certificate is for new connections, and open ones go on") {
    const Identity first("first"), second("second");
    TestServer server(echo, options_with(first));
    TlsClient old(server.server().port());
    CHECK(old.ask() == "200");
    server.server().replace_tls(shows(second));
    CHECK(old.ask() == "200");
    CHECK(old.met() == "first");
    TlsClient fresh(server.server().port());
    CHECK(fresh.ask() == "200");
    CHECK(fresh.met() == "second");
}

TEST_CASE("certificates come and go from any thread while clients connect") {
    const Identity first("first"), second("second");
    TestServer server(echo, options_with(first), 2);
    std::atomic<int> answered = 0, done = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            for (int n = 0; n < 25; ++n) {
                TlsClient client(server.server().port());
                const bool known = client.met() == "first" || client.met() == "second";
                if (known && client.ask() == "200" && client.ask() == "200") ++answered;
            }
            ++done;
        });
    }
    while (done < 4) {
        server.server().replace_tls(shows(second));
        server.server().replace_tls(shows(first));
        std::this_thread::yield();
    }
    for (auto& client : clients) client.join();
    CHECK(answered == 100);
}

TEST_CASE("a client that does not agree on TLS in time is let go") {
    const Identity identity("localhost");
    auto options = options_with(identity);
    options.handshake_timeout = std::chrono::milliseconds(40);
    TestServer server(echo, options);
    const auto* said = GENERATE("", "\x16", "\x16\x03\x01\x02\x01\x01");
    RawClient client(server.server().port());
    client.send(said);
    CHECK(client.read_all().empty());
    CHECK(client.error());
    TlsClient other(server.server().port());
    CHECK(other.ask() == "200");
}

namespace {

/// What a client says first of all.
std::string client_hello() {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL* const tls = SSL_new(context.native_handle());
    BIO* const out = BIO_new(BIO_s_mem());
    SSL_set_bio(tls, BIO_new(BIO_s_mem()), out);
    SSL_connect(tls);
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out, &bytes);
    std::string hello(bytes, static_cast<std::size_t>(size));
    SSL_free(tls);
    return hello;
}

}  // namespace

TEST_CASE("draining waits neither for half a handshake nor for the end of a TLS connection") {
    const Identity identity("localhost");
    auto options = options_with(identity);
    options.drain_patience = std::chrono::milliseconds(40);
    TestServer server(echo, options);
    TlsClient idle(server.server().port());
    CHECK(idle.ask() == "200");
    RawClient halfway(server.server().port());
    halfway.send(client_hello());
    CHECK(halfway.read_part().starts_with('\x16'));  // the server has answered it
    RawClient begun(server.server().port());
    begun.send(client_hello().substr(0, 20));
    server.drain(std::chrono::seconds(60)).get();
}

TEST_CASE("a server with TLS drains") {
    const Identity identity("localhost");
    TestServer server(echo, options_with(identity), 2);
    TlsClient idle(server.server().port());
    CHECK(idle.ask() == "200");
    const RawClient silent(server.server().port());
    CHECK(
        server.drain(std::chrono::seconds(20)).wait_for(std::chrono::seconds(20)) ==
        std::future_status::ready
    );
}
