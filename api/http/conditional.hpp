#pragma once

#include "api/http/route.hpp"
#include "net/http.hpp"

namespace vitrine::api {

/// Answers a GET or HEAD by the preconditions of its request (RFC 9110 §13.2.2): as it is, with 304
/// in place of what the caller has already, or with 412. Other answers than 200 stay.
///
/// A 304 keeps what the 200 says of caching, versions and choices. Commands meet their
/// preconditions where they are decided.
void heed_conditions(const Call& call, net::Response& response);

}  // namespace vitrine::api
