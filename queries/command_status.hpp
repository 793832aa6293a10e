#pragma once

#include "core/ids.hpp"
#include "queries/answer.hpp"
#include "queries/read_side.hpp"

namespace vitrine::queries {

/// GET /v1/commands/{command_id} -> {command_id, name, state: running|succeeded|failed|retryable,
/// stream, accepted_at, answer?: {status, body, position?}}. Reads the journal on the caller's
/// thread.
Result command_status(const ReadSide& reads, const TenantId& tenant, const CommandId& id);

}  // namespace vitrine::queries
