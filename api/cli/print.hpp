#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vitrine::api {

/// One JSON object on a line of the standard output, at once.
void print_json(const nlohmann::ordered_json& json);

/// The same of what is shown only now. If it could not be written, or nobody reads any more, `undo`
/// takes back what was done and says so in one sentence; throws std::runtime_error with it.
void print_once(const nlohmann::ordered_json& json, const std::function<std::string()>& undo);

}  // namespace vitrine::api
