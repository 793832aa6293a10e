#include "net/server_tls.hpp"

#include <openssl/ssl.h>

namespace vitrine::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::unexpected<std::string> fault(const std::filesystem::path& file, const error_code& error) {
    return std::unexpected(file.string() + ": " + error.message());
}

}  // namespace

std::expected<ServerTls, std::string> load_server_tls(
    const std::filesystem::path& certificate, const std::filesystem::path& key
) {
    auto tls = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* const handle = tls->native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(
        handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
    );
    // Of TLS 1.2 only what keeps recorded traffic secret when the key is lost later.
    SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20");
    // Without this OpenSSL would ask on the terminal.
    tls->set_password_callback([](std::size_t, ssl::context::password_purpose) {
        return std::string();
    });
    error_code error;
    tls->use_certificate_chain_file(certificate.string(), error);
    if (error) return fault(certificate, error);
    tls->use_private_key_file(key.string(), ssl::context::pem, error);
    if (error) return fault(key, error);
    return tls;
}

}  // namespace vitrine::net
