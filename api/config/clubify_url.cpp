#include "api/config/clubify_url.hpp"

#include <string>

namespace vitrine::api {

std::optional<net::BaseUrl> platform_url(std::string_view text) {
    auto url = net::parse_base_url(text);
    if (!url) return std::nullopt;
    constexpr std::string_view version = "/api/v1";
    if (!url->prefix.ends_with(version)) url->prefix += version;
    return url;
}

net::BaseUrl official_url() {
    return net::parse_base_url("https://checkout.svelve.com/api/v1").value();
}

}  // namespace vitrine::api
