#pragma once

#include "net/http.hpp"

namespace vitrine::api {

/// Decides how the body goes: as gzip where it is text, long enough to be worth it, and the client
/// likes that, or where it takes nothing else. Marks the response with Content-Encoding, Vary and a
/// strong ETag of its own; the body is still as it was.
///
/// What has a version for its ETag goes as it is, if it may: "3" names that version, for If-Match
/// too, and no other representation of it.
void choose_coding(const net::Request& request, net::Response& response);

/// Does what was chosen.
void encode(net::Response& response);

}  // namespace vitrine::api
