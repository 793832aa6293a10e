#include "api/config/clubify_url.hpp"

#include <stdexcept>
#include <string>

namespace vitrine::api {
namespace {

std::optional<net::BaseUrl> url_with(std::string_view text, std::string_view version) {
    auto url = net::parse_base_url(text);
    if (url && !url->prefix.ends_with(version)) url->prefix += version;
    return url;
}

}  // namespace

std::optional<net::BaseUrl> platform_url(std::string_view text) {
    return url_with(text, "/api/v1");
}

std::optional<net::BaseUrl> pagarme_url(std::string_view text) {
    return url_with(text, "/core/v5");
}

net::BaseUrl official_pagarme_url() {
    return net::parse_base_url("https://api.pagar.me/core/v5").value();
}

net::BaseUrl platform_at(std::string_view text) {
    if (text.empty()) return official_url();
    if (auto url = platform_url(text)) return *std::move(url);
    throw std::runtime_error("--clubify-url is no http or https URL");
}

net::BaseUrl pagarme_at(std::string_view text) {
    if (text.empty()) return official_pagarme_url();
    if (auto url = pagarme_url(text)) return *std::move(url);
    throw std::runtime_error("--pagarme-url is no http or https URL");
}

net::BaseUrl official_url() {
    return net::parse_base_url("https://checkout.svelve.com/api/v1").value();
}

}  // namespace vitrine::api
