#pragma once

// For the .cpp files of this folder: a text that names a person, as JSON: "text",
// {"sealed":"…"}, {"sealed":true} where the seal itself is not shown, {"erased":true}.

#include <nlohmann/json.hpp>

#include "events/person_text.hpp"

namespace vitrine::events {

nlohmann::ordered_json to_json(const PersonText& value);
void take(const nlohmann::ordered_json& json, PersonText& value);

}  // namespace vitrine::events
