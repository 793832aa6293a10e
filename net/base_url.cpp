#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "net/client.hpp"

namespace vitrine::net {
namespace {

constexpr std::uint16_t default_port(bool tls) {
    return tls ? 443 : 80;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return result;
}

}  // namespace

bool BaseUrl::loopback() const {
    if (host == "localhost") return true;
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    return !not_an_address && address.is_loopback();
}

std::string BaseUrl::str() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    std::string text = tls ? "https://" : "http://";
    text += ipv6 ? "[" + host + "]" : host;
    if (port != default_port(tls)) text += ":" + std::to_string(port);
    return text + prefix;
}

std::optional<BaseUrl> parse_base_url(std::string_view url) {
    namespace urls = boost::urls;
    const auto parsed = urls::parse_uri({url.data(), url.size()});
    if (!parsed || parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment()) {
        return std::nullopt;
    }
    BaseUrl base;
    base.tls = parsed->scheme_id() == urls::scheme::https;
    if (!base.tls && parsed->scheme_id() != urls::scheme::http) return std::nullopt;

    const auto kind = parsed->host_type();
    if (kind == urls::host_type::ipvfuture) return std::nullopt;
    base.host = lower_case(std::string(parsed->host_address()));
    const bool odd = std::ranges::any_of(base.host, [](char c) {
        return c == '%' || static_cast<unsigned char>(c) <= ' ' ||
               static_cast<unsigned char>(c) >= 127;
    });
    if (base.host.empty() || odd) return std::nullopt;

    const auto port = parsed->port();
    base.port = port.empty() ? default_port(base.tls) : parsed->port_number();
    if (base.port == 0) return std::nullopt;

    const auto path = parsed->encoded_path();
    base.prefix.assign(path.data(), path.size());
    // Boost.URL 1.81 takes letters after the port for a path.
    if (!base.prefix.empty() && base.prefix.front() != '/') return std::nullopt;
    while (base.prefix.ends_with('/')) base.prefix.pop_back();
    return base;
}

}  // namespace vitrine::net
