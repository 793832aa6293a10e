#pragma once

#include <optional>
#include <string>

#include "net/client.hpp"

namespace vitrine::net {

/// Request line and header fields as they go over the wire, with Host and Content-Length of our
/// own. nullopt: a part of the request would break the header apart (CR, LF, NUL; a space in the
/// target).
std::optional<std::string> request_head(const BaseUrl& base, const Request& request);

}  // namespace vitrine::net
