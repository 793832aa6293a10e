#pragma once

#include <string_view>

#include "net/http.hpp"

namespace vitrine::api {

/// Whether Accept-Encoding takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

/// Sends the body as gzip where the client takes it, it is text, and long enough to be worth it.
/// ETag stays: it names a version, in whichever coding.
void compress(const net::Request& request, net::Response& response);

}  // namespace vitrine::api
