#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vitrine::api {

/// One JSON object on a line of the standard output, at once.
void print_json(const nlohmann::ordered_json& json);

/// After all of what a command prints of what it has done: if that could not be written, throws
/// std::runtime_error, which says so and what is so all the same, `done`: "the backup is in copy".
void require_printed(const std::string& done);

/// print_json and require_printed.
void print_done(const nlohmann::ordered_json& json, const std::string& done);

/// print_json of what is shown only now. If it could not be written, or nobody reads any more,
/// `undo` takes back what was done and says so in one sentence; throws std::runtime_error with it.
void print_once(const nlohmann::ordered_json& json, const std::function<std::string()>& undo);

}  // namespace vitrine::api
