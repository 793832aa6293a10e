#pragma once

#include <string>

#include "api/http/route.hpp"

namespace vitrine::api {

/// Lines for a shell that show a route, as they stand: $U is the server, $K a key of the role
/// admin. What the path or the body needs is asked for or made before, under an Idempotency-Key, so
/// that they can be sent again. They need curl, jq and, for a webhook, openssl.
std::string curl_line(const Route& route);

/// What the last of those lines is answered.
int curl_status(const Route& route);

}  // namespace vitrine::api
