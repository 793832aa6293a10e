#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "api/cli/subcommands.hpp"
#include "core/time.hpp"

namespace vitrine::api {

/// The result of an operation on the data directory. Throws std::runtime_error with its fault.
nlohmann::ordered_json ask(
    const DataOptions& where, const std::string& operation, const nlohmann::ordered_json& arguments
);

/// The service's time: of the server that runs on the data, or of the machine; there may be no
/// data. Throws as ask.
Timestamp service_time(const DataOptions& where);

/// `answer`, with a tenant and a key of it, was printed: until that is noted, a command may take
/// the key for one that nobody has seen. Throws std::runtime_error.
void note_shown(const DataOptions& where, const nlohmann::ordered_json& answer);

}  // namespace vitrine::api
