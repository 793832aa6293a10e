#pragma once

#include <nlohmann/json_fwd.hpp>

namespace vitrine::commands {

using Json = nlohmann::ordered_json;

}  // namespace vitrine::commands
