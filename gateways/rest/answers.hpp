#pragma once

#include "core/time.hpp"
#include "gateways/rest/call.hpp"
#include "net/client.hpp"

namespace vitrine::rest {

/// What an answer of a peer means for a call. `now` is for a Retry-After that is a date.
Result<Answer> judge(const net::Response& response, Timestamp now);

/// What the lack of an answer means.
CallError judge(const net::TransportError& error);

/// For a call that was not sent because signing in failed so.
CallError as_sign_in_failure(CallError error);

}  // namespace vitrine::rest
