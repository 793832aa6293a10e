#pragma once

#include <expected>
#include <optional>

#include "api/http/route.hpp"
#include "net/http.hpp"

// Bodies of requests that are no commands.
namespace vitrine::api {

/// The body as one JSON object; the response that refuses it.
std::expected<commands::Json, net::Response> json_body(const Call& call);

/// Of a query that is asked by a body: puts it into the call if its schema accepts it, or the route
/// judges it itself; else the response with all that is wrong with it.
std::optional<net::Response> take_query_body(Call& call);

}  // namespace vitrine::api
