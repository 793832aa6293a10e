#pragma once

#include <span>
#include <string>
#include <string_view>

#include "net/http.hpp"

// Pages of other origins (CORS): those that the configuration names may call the API.
namespace vitrine::api {

/// Whether `origin` is one of `allowed`, where "*" is every one.
bool is_allowed_origin(std::span<const std::string> allowed, std::string_view origin);

/// Lets the page of the request's origin read the response. `Vary` is set wherever the answer could
/// be another for another origin.
void allow_origin(
    std::span<const std::string> allowed, const net::Request& request, net::Response& response
);

/// The answer to OPTIONS on a path that knows the methods `allow`; to a page that asks whether it
/// may (a preflight) also what it may send.
net::Response options_response(
    std::span<const std::string> allowed, const net::Request& request, std::string allow
);

}  // namespace vitrine::api
