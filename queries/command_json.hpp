#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "store/journal.hpp"

namespace vitrine::queries {

/// What the state is called outside: running, succeeded, failed, retryable.
std::string_view command_state(const store::CommandRecord& record);

/// {command_id, name, state, stream, accepted_at, answer?: {status, body?, position?}}.
nlohmann::ordered_json command_json(const store::CommandRecord& record);

}  // namespace vitrine::queries
