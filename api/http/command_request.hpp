#pragma once

#include <expected>
#include <functional>

#include "api/http/route.hpp"
#include "commands/engine/request.hpp"

namespace vitrine::api {

/// Whether an answer had this ETag: what products told at its `facts` was of the entity then.
using WasTold = std::function<bool(const Call&, const VersionTag&)>;

/// The command that a call asks for, or the response that refuses it.
std::expected<commands::CommandRequest, net::Response> command_request(
    const Call& call, const WasTold& was_told
);

}  // namespace vitrine::api
