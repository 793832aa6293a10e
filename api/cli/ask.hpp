#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "api/cli/subcommands.hpp"

namespace vitrine::api {

/// The result of an operation on the data directory. Throws std::runtime_error with its fault.
nlohmann::ordered_json ask(
    const DataOptions& where, const std::string& operation, const nlohmann::ordered_json& arguments
);

}  // namespace vitrine::api
