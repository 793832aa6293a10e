#pragma once

#include <string_view>

namespace vitrine {

/// A name of the domain name system, such as "loja.example" or "açaí.com.br": by UTS 46, at most
/// 253 characters in ASCII, without a dot at the end. No address, port, scheme or path.
bool is_host_name(std::string_view utf8);

/// "https://cdn.example/logo.svg": with a host name, without a user.
bool is_https_url(std::string_view utf8);

}  // namespace vitrine
