#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vitrine::api {

/// How the rebuilt one differs from the live one, or why that cannot be said.
std::string compared_text(const nlohmann::ordered_json& compared);

/// A rebuild's report for people, without the comparison: a line or two.
std::string report_text(const nlohmann::ordered_json& report);

/// How many files of former versions were removed.
std::string dropped_text(const nlohmann::ordered_json& outcome);

/// The live read model was not what the log gives, or could not be read.
bool differs(const nlohmann::ordered_json& report);

}  // namespace vitrine::api
