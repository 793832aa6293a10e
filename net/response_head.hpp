#pragma once

#include <string>

#include "net/http.hpp"

namespace vitrine::net {

/// keep_explicitly: what HTTP/1.0 needs to be told. close_chunked: of a streamed body, which
/// HTTP/1.0 ends by closing.
enum class After { keep, keep_explicitly, close, close_chunked };

/// Appends status line and header fields of `response` to `out`: its own, then Date, Content-Length
/// and what `after` says. Framing fields among its own are left out. Throws std::invalid_argument
/// if a field could break the header apart (CR, LF or NUL in it).
void write_head(const Response& response, After after, std::string& out);

/// May an answer of that status have a body at all?
bool has_body(int status);

}  // namespace vitrine::net
