#pragma once

#include <expected>

#include "api/http/route.hpp"
#include "commands/request.hpp"

namespace vitrine::api {

/// The command that a call asks for, or the response that refuses it.
std::expected<commands::CommandRequest, net::Response> command_request(const Call& call);

}  // namespace vitrine::api
