#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// Parameters as they came in.
struct CommandsParameters {
    std::optional<std::string> state = {}, limit = {}, cursor = {};
};

/// GET /v1/commands -> {"items":[as command_status],"next_cursor"}: the tenant's commands in that
/// state, unless told those that are unfinished (running or retryable); the newest first. Reads the
/// journal on the caller's thread.
Result list_commands(
    const ReadSide& reads, const TenantId& tenant, const CommandsParameters& parameters
);

}  // namespace vitrine::queries
