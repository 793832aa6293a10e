#pragma once

#include <optional>

#include "api/http/route.hpp"
#include "net/http.hpp"

namespace vitrine::api {

/// Answers a GET or HEAD by the preconditions of its request (RFC 9110 §13.2.2): as it is, with 304
/// in place of what the caller has already, or with 412. Other answers than 200 stay.
///
/// What is answered with 200 is there, whether it has an ETag or not: `If-Match: *` holds of it,
/// and `If-None-Match: *` does not (§13.1.1, §13.1.2). A 304 keeps what the 200 says of caching,
/// versions and choices. Commands meet their preconditions where they are decided.
void heed_conditions(const Call& call, net::Response& response);

/// The 412 of what neither reads nor is a command on an entity, such as an adoption: nothing at its
/// path has a version, so that no If-Match holds there.
std::optional<net::Response> unmet_condition(const Call& call);

}  // namespace vitrine::api
