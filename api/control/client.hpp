#pragma once

#include <filesystem>
#include <stdexcept>

#include "api/control/operations.hpp"

namespace vitrine::api {

/// What is asked for could be neither sent nor kept.
class NotText : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs an operation on a data directory: in the server that holds it, asked over its control
/// socket, or here, with the lock held meanwhile. Waits a little for a server that is starting or
/// stopping. Root acts here as the directory's owner. Throws std::runtime_error, NotText.
std::expected<Json, std::string> run_on_data(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::string& operation,
    const Json& arguments,
    const Hear& hear
);

}  // namespace vitrine::api
