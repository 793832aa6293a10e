#include "gateways/webhooks_out/url.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "core/web_address.hpp"
#include "gateways/webhooks_out/addresses.hpp"

namespace vitrine::webhooks_out {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_url = 2000;
constexpr std::uint16_t first_free_port = 1024;

constexpr Term no_url{"must be an https:// URL", "deve ser uma URL https://"};
constexpr Term has_user{"takes no user or password", "não aceita usuário nem senha"};
constexpr Term has_fragment{"takes no #fragment", "não aceita #fragmento"};
constexpr Term no_https{
    "must be https://, so that what is sent stays between us",
    "deve ser https://, para que o que é enviado fique entre nós"
};
constexpr Term bad_port{
    "the port must be 443, or one from 1024 on", "a porta deve ser 443, ou uma a partir de 1024"
};
constexpr Term bad_host{
    "the host must be a name of the internet, or an address",
    "o host deve ser um nome da internet, ou um endereço"
};
constexpr Term not_public{
    "the host's address must be one of the internet: this server calls no private ones",
    "o endereço do host deve ser da internet: este servidor não chama endereços privados"
};

bool is_visible(char c) {
    return c > ' ' && c < 127;
}

bool is_name_of_this_machine(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost");
}

/// Of what stands in the URL itself; names are judged when they are looked up.
std::expected<void, Phrase> judge_host(const net::BaseUrl& origin, Receivers receivers) {
    const bool private_too = receivers == Receivers::private_too;
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(origin.host, not_an_address);
    if (not_an_address) {
        if (!is_host_name(origin.host)) return std::unexpected(Phrase(bad_host));
        if (is_name_of_this_machine(origin.host) && !private_too)
            return std::unexpected(Phrase(not_public));
    } else if (!may_call(address, receivers)) {
        return std::unexpected(Phrase(not_public));
    }
    if (!origin.tls && !(private_too && origin.loopback()))
        return std::unexpected(Phrase(no_https));
    return {};
}

bool is_good_port(const net::BaseUrl& origin) {
    return origin.port >= first_free_port || origin.port == (origin.tls ? 443 : 80);
}

}  // namespace

std::string Target::str() const {
    return origin.str() + path;
}

bool may_call(const asio::ip::address& address, Receivers receivers) {
    const auto reach = reach_of(address);
    return reach == Reach::anywhere ||
           (reach == Reach::this_side && receivers == Receivers::private_too);
}

std::expected<Target, Phrase> parse_target(std::string_view url, Receivers receivers) {
    namespace urls = boost::urls;
    if (url.size() > longest_url || !std::ranges::all_of(url, is_visible))
        return std::unexpected(Phrase(no_url));
    const auto parsed = urls::parse_uri({url.data(), url.size()});
    if (!parsed) return std::unexpected(Phrase(no_url));
    if (parsed->has_userinfo()) return std::unexpected(Phrase(has_user));
    if (parsed->has_fragment()) return std::unexpected(Phrase(has_fragment));
    if (parsed->encoded_host().find('%') != std::string_view::npos)
        return std::unexpected(Phrase(bad_host));

    // What is left of it without the query is judged as any base URL is.
    auto origin = net::parse_base_url(url.substr(0, url.find('?')));
    if (!origin) return std::unexpected(Phrase(no_url));
    if (!is_good_port(*origin)) return std::unexpected(Phrase(bad_port));
    origin->prefix.clear();
    if (auto judged = judge_host(*origin, receivers); !judged)
        return std::unexpected(judged.error());

    const auto path = parsed->encoded_path();
    Target target{*std::move(origin), std::string(path.data(), path.size())};
    if (target.path.empty()) target.path = "/";
    if (parsed->has_query()) {
        const auto query = parsed->encoded_query();
        (target.path += '?').append(query.data(), query.size());
    }
    return target;
}

}  // namespace vitrine::webhooks_out
