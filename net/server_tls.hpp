#pragma once

#include <boost/asio/ssl/context.hpp>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>

namespace vitrine::net {

/// What a server shows of itself in TLS.
using ServerTls = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.2 and later, with the certificate (PEM, followed by those it is issued by) and its private
/// key (PEM, without a passphrase). The fault names the file.
std::expected<ServerTls, std::string> load_server_tls(
    const std::filesystem::path& certificate, const std::filesystem::path& key
);

}  // namespace vitrine::net
